import assert from 'node:assert/strict';
import type { ProtocolName } from '@chat-relays/protocol';
import { Channel } from '../channel';
import { early } from './early';
import type { Telling } from './telling';

async function serving(protocol: ProtocolName, relays: string[]): Promise<Channel> {
  const channel = await Channel.with({ protocol, relays });
  await channel.begins();
  await channel.settle();
  return channel;
}

const looks = async (channel: Channel): Promise<void> => {
  channel.readsOldLink('A');
  await channel.checks('A');
  await channel.settle();
};

const unlisted = (channel: Channel): unknown => channel.recordsOf('A', 'relay_own')[0].data['unlisted'];

/** A group link that lists a relay when it should not, or does not when it should. */
export const unlisting: readonly Telling[] = [
  {
    title: 'a relay that could not be taken off the link is taken off when it is removed once more',
    async tell(protocol) {
      const channel = await serving(protocol, ['A', 'B']);
      channel.refuse('owner', 'LSET');
      await channel.removes('A');
      await channel.settle();
      assert.equal(channel.relayStatus('A'), 'Removed');
      assert.equal(channel.listed(), 2);
      const reason = () => channel.recordsOf('owner', 'group_relay')[0].data['reason'];
      assert.equal(reason(), 'the group link still lists the relay: LSET: AUTH');
      channel.refuse('owner', 'LSET');
      await channel.removes('A');
      await channel.settle();
      assert.equal(channel.listed(), 2);
      await channel.removes('A');
      await channel.settle();
      assert.equal(channel.listed(), 1);
      assert.equal(reason(), undefined);
      return channel.faults;
    },
  },
  {
    title: 'a relay that is taken off the link in vain before it was told is removed, and once more',
    async tell(protocol) {
      const channel = await serving(protocol, ['A', 'B']);
      channel.loseReplyTo('owner', 'SEND');
      channel.refuse('owner', 'LSET');
      await channel.removes('A');
      const { faults } = channel;
      await channel.until('the link was not written', () => !faults.refused && !faults.lost);
      assert.equal(channel.relayStatus('A'), 'Removing');
      await channel.settle();
      assert.equal(channel.relayStatus('A'), 'Removed');
      assert.equal(channel.listed(), 2);
      await channel.removes('A');
      await channel.settle();
      assert.equal(channel.listed(), 1);
      return channel.faults;
    },
  },
  {
    title: 'what is left of a broken relay is deleted when it is removed',
    async tell(protocol) {
      const channel = await serving(protocol, ['A', 'B']);
      channel.losesQueues('A', protocol === 'paired' ? 'owner_connection' : 'relay_own');
      await channel.posts('1');
      await channel.settle();
      assert.equal(channel.relayStatus('A'), 'Broken');
      await channel.removes('A');
      await channel.settle();
      const { receiveQueues } = channel.process('owner').store;
      assert.deepEqual(
        [...receiveQueues.values()].filter(({ id }) => id.includes('/A')),
        [],
      );
      return channel.faults;
    },
  },
  {
    title: 'a relay that is invited again while it serves counts anew how often it was not listed',
    async tell(protocol) {
      const channel = await serving(protocol, ['A']);
      await channel.checks('A');
      await channel.settle();
      await looks(channel);
      assert.equal(unlisted(channel), 1);
      channel.losesQueues('A', protocol === 'paired' ? 'owner_connection' : 'relay_own');
      await channel.posts('1');
      await channel.settle();
      channel.sleep('A', 'execute');
      await channel.chooses('A');
      await channel.settle();
      assert.equal(channel.relayOwnStatus('A'), 'Confirmed');
      assert.equal(unlisted(channel), 0);
      channel.wake('A');
      await channel.settle();
      assert.equal(channel.relayStatus('A'), 'Confirmed');
      return channel.faults;
    },
  },
  {
    title: 'a relay whose owner connects over its link is listed, and counts anew how often it was not',
    only: ['paired'],
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A'] });
      await channel.begins();
      await channel.until('A is listed', () => channel.relayStatus('A') === 'Added');
      channel.sleep('owner');
      await channel.settle();
      await looks(channel);
      assert.equal(unlisted(channel), 1);
      channel.wake('owner');
      await channel.settle();
      assert.equal(channel.relayOwnStatus('A'), 'Confirmed');
      assert.equal(unlisted(channel), 0);
      return channel.faults;
    },
  },
  {
    title: 'a relay that is told to look, and sees that it is listed, counts anew how often it was not',
    only: ['full'],
    async tell(protocol) {
      const channel = await serving(protocol, ['A']);
      await looks(channel);
      assert.equal(unlisted(channel), 1);
      const [relay] = channel.recordsOf('A', 'relay_own');
      const { profile } = relay.data as { profile: object };
      await early(channel, relay, 'x.grp.info', { groupProfile: profile });
      await channel.settle();
      assert.equal(unlisted(channel), 0);
      await looks(channel);
      assert.equal(channel.relayOwnStatus('A'), 'Confirmed');
      // it was listed when it was told to look: the second look without it in a row is the last one
      await looks(channel);
      assert.equal(channel.relayOwnStatus('A'), 'Removed');
      return channel.faults;
    },
  },
];
