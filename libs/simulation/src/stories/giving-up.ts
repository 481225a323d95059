import assert from 'node:assert/strict';
import { Channel } from '../channel';
import type { Telling } from './telling';

const FOR_EVER_S = 1_000_000;

/** Queues that owners' server has, the group link apart. */
const replyQueues = (channel: Channel): number =>
  channel.world.servers
    .core('smp-owner')
    .snapshot()
    .queues.filter(({ mode }) => mode === 'M').length;

/** What nobody waits for any more is not tried for ever. */
export const givingUp: readonly Telling[] = [
  {
    title: 'a relay that is dead when it is asked is asked no more once it is removed, and no queue is left',
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A'] });
      await channel.begins([]);
      await channel.settle();
      await channel.chooses('A');
      channel.loseReplyTo('owner', 'NEW');
      await channel.until('the queue to reply to is made', () => channel.faults.lost === undefined);
      channel.world.servers.leave('smp-relays', FOR_EVER_S);
      await channel.until('A does not answer', () => channel.executed('JOIN', 'temporary') > 5);
      assert.equal(channel.relayStatus('A'), 'New');
      assert.equal(replyQueues(channel), 1);
      await channel.removes('A', true);
      await channel.settle();
      assert.equal(channel.relayStatus('A'), 'Removed');
      assert.equal(channel.process('owner').store.commands.size, 0);
      assert.equal(replyQueues(channel), 0);
      return channel.faults;
    },
  },
  {
    title: 'a relay that died when it was invited, and is invited again, is asked no more once it is removed',
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A'] });
      channel.sleep('A');
      await channel.begins();
      await channel.settle();
      assert.equal(channel.relayStatus('A'), 'Invited');
      channel.world.servers.leave('smp-relays', FOR_EVER_S);
      await channel.retries('A');
      await channel.until('A does not answer', () => channel.executed('JOIN', 'temporary') > 5);
      await channel.removes('A', true);
      await channel.settle();
      assert.equal(channel.relayStatus('A'), 'Removed');
      assert.equal(channel.process('owner').store.commands.size, 0);
      assert.equal(replyQueues(channel), 0);
      return channel.faults;
    },
  },
];
