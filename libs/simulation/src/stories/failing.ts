import assert from 'node:assert/strict';
import { type ProtocolName, protocolNames } from '@chat-relays/protocol';
import { GROUP } from '../users/names';
import { Channel } from '../channel';
import type { Telling } from './telling';

/** The owner's word that a relay may come is on its way in these statuses. */
const letting: Record<ProtocolName, readonly string[]> = {
  full: ['Accepted'],
  pooled: ['Accepted', 'Confirmed'],
  paired: ['Accepted', 'Added', 'Confirmed'],
};

function takesNothing(protocol: ProtocolName): Telling[] {
  return letting[protocol].map((status) => ({
    title: `a relay that takes nothing of its owner is broken in ${status}, and listed no more`,
    only: [protocol],
    async tell() {
      const channel = await Channel.with({ protocol, relays: ['A', 'B'] });
      await channel.begins(['B']);
      await channel.settle();
      await channel.chooses('A');
      channel.loseReplyTo('owner', 'SKEY');
      await channel.until(`A is ${status}`, () => channel.relayStatus('A') === status);
      channel.losesQueues('A', 'relay_own');
      channel.sleep('A');
      await channel.settle();
      assert.equal(channel.relayStatus('A'), 'Broken');
      assert.equal(channel.listed(), 1);
      channel.wake('A');
      await channel.settle();
      await channel.retries('A');
      await channel.settle();
      assert.equal(channel.relayStatus('A'), 'Confirmed');
      assert.equal(channel.relayLinks(), 2);
      assert.equal(channel.listed(), 2);
      return channel.faults;
    },
  }));
}

/** Servers that say no for good. */
export const failing: readonly Telling[] = [
  {
    title: 'a relay that got no address gets one at its next start',
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: [] });
      const { agent } = channel.world.add('A', 'smp-relays', 'A');
      const start = async (): Promise<string | undefined> => {
        const ref = { noun: 'relay_address', id: 'A' } as const;
        await agent.tell(ref, 'A', 'address.create', { relayName: 'A' });
        await channel.settle();
        return channel.record('A', ref)?.status;
      };
      channel.refuse('A', 'NEW');
      assert.equal(await start(), 'Broken');
      assert.equal(await start(), 'Ready');
      return channel.faults;
    },
  },
  {
    title: 'a group that gets no link is broken, and nobody is invited',
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A'] });
      channel.refuse('owner', 'NEW');
      await channel.begins();
      await channel.settle();
      assert.equal(channel.record('owner', { noun: 'group', id: GROUP })?.status, 'Broken');
      assert.equal(channel.relayOwnStatus('A'), undefined);
      return channel.faults;
    },
  },
  {
    title: 'a group that got no link is begun again with one link and the relays that were chosen',
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A'], members: ['bob'] });
      const ref = { noun: 'group', id: GROUP } as const;
      // made at the first try, and refused at the second
      channel.loseReplyTo('owner', 'NEW');
      await channel.begins();
      await channel.until('it was made', () => channel.faults.lost === undefined);
      channel.refuse('owner', 'NEW');
      await channel.settle();
      assert.equal(channel.record('owner', ref)?.status, 'Broken');
      channel.refuse('owner', 'NEW');
      assert.equal(await channel.beginsAgain(), 'moved');
      await channel.settle();
      assert.equal(channel.record('owner', ref)?.status, 'Broken');
      assert.equal(await channel.beginsAgain(), 'moved');
      assert.equal(await channel.beginsAgain(), 'ignored');
      await channel.settle();
      assert.equal(channel.record('owner', ref)?.status, 'Ready');
      assert.equal(channel.record('owner', ref)?.data['reason'], undefined);
      assert.equal(await channel.beginsAgain(), 'ignored');
      assert.equal(channel.relayStatus('A'), 'Confirmed');
      const { queues } = channel.world.servers.core('smp-owner').snapshot();
      assert.equal(queues.filter(({ mode }) => mode === 'C').length, 1);
      await channel.joins('bob');
      await channel.posts('1');
      await channel.settle();
      assert.deepEqual(channel.texts('bob'), ['1']);
      return channel.faults;
    },
  },
  {
    title: 'a relay that gets no link refuses, and its owner knows',
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A'], pool: 0 });
      channel.refuse('A', 'NEW');
      await channel.begins();
      await channel.settle();
      assert.equal(channel.relayOwnStatus('A'), 'Broken');
      assert.equal(channel.relayStatus('A'), 'Broken');
      await channel.retries('A');
      await channel.settle();
      assert.equal(channel.relayStatus('A'), 'Confirmed');
      return channel.faults;
    },
  },
  {
    title: 'a relay that cannot answer deletes its link, and its owner knows if it can be told at all',
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A'] });
      channel.refuse('A', 'SKEY');
      await channel.begins();
      await channel.settle();
      assert.equal(channel.relayOwnStatus('A'), 'Broken');
      assert.equal(channel.relayLinks(), 0);
      assert.equal(channel.relayStatus('A'), 'Broken');
      const { reason } = channel.recordsOf('owner', 'group_relay')[0].data;
      assert.equal(reason, 'the relay refused: SKEY: AUTH');
      channel.losesQueues('owner', 'group_relay');
      channel.sleep('A');
      await channel.retries('A');
      await channel.settle();
      channel.losesQueues('owner', 'group_relay');
      channel.wake('A');
      await channel.settle();
      assert.equal(channel.relayOwnStatus('A'), 'Broken');
      assert.equal(channel.relayStatus('A'), 'Invited');
      return channel.faults;
    },
  },
  {
    title: 'a relay that gets no queue to hear its owner on deletes its link, and its owner knows',
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A'] });
      await channel.begins();
      await channel.until('A answers', () => channel.relayOwnStatus('A') === 'LinkCreated');
      channel.refuse('A', 'NEW');
      await channel.settle();
      assert.equal(channel.relayOwnStatus('A'), 'Broken');
      assert.equal(channel.relayLinks(), 0);
      assert.equal(channel.relayStatus('A'), 'Broken');
      await channel.retries('A');
      await channel.settle();
      assert.equal(channel.relayStatus('A'), 'Confirmed');
      return channel.faults;
    },
  },
  ...protocolNames.flatMap(takesNothing),
  {
    title: 'a relay that may not read the group link refuses',
    only: ['full', 'paired'],
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A'] });
      channel.refuse('A', 'LGET');
      await channel.begins();
      await channel.settle();
      assert.equal(channel.relayOwnStatus('A'), 'Broken');
      assert.equal(channel.relayStatus('A'), 'Broken');
      assert.equal(channel.relayLinks(), 0);
      assert.equal(channel.listed(), 0);
      return channel.faults;
    },
  },
  {
    title: 'a group link that may not be written breaks the relay that waits to be listed',
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A'] });
      channel.refuse('owner', 'LSET');
      await channel.begins();
      await channel.settle();
      assert.equal(channel.relayStatus('A'), 'Broken');
      assert.equal(channel.listed(), 0);
      return channel.faults;
    },
  },
  {
    title: 'a relay that deletes its queue before it is told that it is listed is broken',
    only: ['full', 'paired'],
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A'] });
      await channel.begins();
      await channel.until('A is listed', () => channel.relayStatus('A') === 'Added');
      channel.refuse('owner', protocol === 'full' ? 'SEND' : 'LGET');
      await channel.settle();
      assert.equal(channel.relayStatus('A'), 'Broken');
      assert.equal(channel.listed(), 0);
      return channel.faults;
    },
  },
  {
    title: 'a relay that could not let a member in lets it in when it asks again',
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A'], members: ['bob'] });
      await channel.begins();
      await channel.settle();
      channel.refuse('A', 'SKEY');
      await channel.joins('bob');
      await channel.settle();
      assert.ok(channel.connections('bob').includes('Invited'));
      await channel.joins('bob');
      await channel.settle();
      assert.deepEqual([...new Set(channel.connections('bob'))], ['Connected']);
      assert.deepEqual(channel.membersOf('A'), ['Connected']);
      return channel.faults;
    },
  },
  {
    title: 'a member that could not reach a relay reaches it when it looks again',
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A'], members: ['bob'] });
      await channel.begins();
      await channel.settle();
      await channel.joins('bob');
      await channel.until('bob knows the relay', () => channel.connections('bob').length > 0);
      channel.refuse('bob', 'LGET');
      await channel.settle();
      assert.ok(channel.connections('bob').includes('Broken'));
      await channel.checks('bob');
      await channel.settle();
      assert.deepEqual([...new Set(channel.connections('bob'))], ['Connected']);
      return channel.faults;
    },
  },
];
