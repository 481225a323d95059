import assert from 'node:assert/strict';
import { type ProtocolName, refKey } from '@chat-relays/protocol';
import { Channel } from '../channel';
import { GROUP } from '../users/names';
import type { Telling } from './telling';

/** A's members are not told, because it is asleep from now on, and B serves. */
async function removedUntold(protocol: ProtocolName, before: (channel: Channel) => Promise<void>) {
  const channel = await Channel.with({ protocol, relays: ['A', 'B'], members: ['bob'] });
  await channel.begins();
  await channel.settle();
  await before(channel);
  channel.sleep('A');
  await channel.removes('A');
  return channel;
}

/** Members look twice before they leave a relay. */
async function looksTwice(channel: Channel): Promise<void> {
  await channel.checks('bob');
  await channel.settle();
  await channel.checks('bob');
  await channel.settle();
}

const half = (channel: Channel, status: string): boolean => {
  const ways = channel.connections('bob');
  return ways.filter((one) => one === status).length === ways.length / 2;
};

const isAsking = (channel: Channel): boolean => {
  const ways = channel.connections('bob');
  return ways.length > 0 && ways.every((status) => status === 'Invited');
};

export const restoring: readonly Telling[] = [
  {
    title: 'a member leaves a relay that is not listed when it looks the second time',
    async tell(protocol) {
      const channel = await removedUntold(protocol, async (begun) => {
        await begun.joins('bob');
        await begun.settle();
      });
      await channel.settle();
      await channel.checks('bob');
      await channel.settle();
      assert.ok(channel.connections('bob').every((status) => status === 'Connected'));
      await channel.checks('bob');
      await channel.settle();
      assert.ok(half(channel, 'Removed') && half(channel, 'Connected'));
      return channel.faults;
    },
  },
  {
    title: 'a member leaves a relay that never answered it',
    async tell(protocol) {
      const channel = await removedUntold(protocol, async (begun) => {
        begun.sleep('A');
        await begun.joins('bob');
        await begun.settle();
      });
      await channel.settle();
      assert.ok(half(channel, 'Invited'));
      await looksTwice(channel);
      assert.ok(half(channel, 'Removed'));
      return channel.faults;
    },
  },
  {
    title: 'a member leaves a relay that it could not ask',
    async tell(protocol) {
      const channel = await removedUntold(protocol, async (begun) => {
        await begun.joins('bob');
        await begun.until('bob knows the relays', () => begun.connections('bob').length > 0);
        begun.refuse('bob', 'LGET');
        await begun.settle();
        assert.ok(begun.connections('bob').includes('Broken'));
      });
      await channel.settle();
      await looksTwice(channel);
      assert.ok(channel.connections('bob').includes('Removed'));
      assert.ok(!channel.connections('bob').includes('Broken'));
      return channel.faults;
    },
  },
  {
    title: 'a member leaves a relay that it has not asked yet',
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A'], members: ['bob'] });
      await channel.begins();
      await channel.settle();
      await channel.joins('bob');
      await channel.until('bob knows the relays', () => channel.connections('bob').length > 0);
      channel.sleep('bob');
      await channel.removes('A', true);
      await channel.settle();
      const { agent } = channel.process('bob');
      const connection = channel.recordsOf('bob', 'member_connection').at(-1)!;
      await agent.tell(connection, 'bob', 'relay.unlisted', {});
      assert.equal(channel.record('bob', connection)?.status, 'Removed');
      channel.wake('bob');
      await channel.settle();
      await looksTwice(channel);
      assert.ok(channel.connections('bob').every((status) => status === 'Removed'));
      assert.equal(channel.record('bob', channel.membership('bob'))?.status, 'NoRelays');
      await channel.chooses('A');
      await channel.settle();
      await channel.checks('bob');
      await channel.settle();
      assert.ok(channel.connections('bob').includes('Connected'));
      return channel.faults;
    },
  },
  {
    title:
      'a member that is told before the link is written comes back to a relay that is listed yet, in vain',
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A', 'B'], members: ['bob'] });
      await channel.begins();
      await channel.settle();
      await channel.joins('bob');
      await channel.settle();
      await channel.removes('A');
      await channel.until('A was told', () => channel.relayStatus('A') === 'Removed');
      channel.sleep('owner');
      await channel.settle();
      assert.ok(half(channel, 'Broken'));
      channel.wake('owner');
      await channel.settle();
      await looksTwice(channel);
      assert.ok(half(channel, 'Removed'));
      return channel.faults;
    },
  },
  {
    title: 'a relay that is new to the group gets what was posted before, and members have everything once',
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A', 'B'], members: ['bob'] });
      await channel.begins(['A']);
      await channel.settle();
      await channel.joins('bob');
      await channel.settle();
      for (const text of ['1', '2', '3']) await channel.posts(text);
      await channel.settle();
      await channel.chooses('B');
      await channel.settle();
      assert.equal(channel.process('B').deliveries.jobs.length, 3);
      await channel.checks('bob');
      await channel.settle();
      await channel.posts('4');
      await channel.settle();
      assert.deepEqual(channel.texts('bob'), ['1', '2', '3', '4']);
      return channel.faults;
    },
  },
  {
    title: 'a relay that is new to an old group gets its newest hundred messages',
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A', 'B'], quota: 128 });
      await channel.begins(['A']);
      await channel.settle();
      await channel.posts(...Array.from({ length: 103 }, (_, n) => `${n + 1}`));
      await channel.settle();
      await channel.chooses('B');
      await channel.settle();
      assert.equal(channel.process('A').deliveries.jobs.length, 103);
      assert.equal(channel.process('B').deliveries.jobs.length, 100);
      return channel.faults;
    },
  },
  {
    title: 'a member that has not heard the answer asks again, and is the same member',
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A'], members: ['bob'] });
      await channel.begins();
      await channel.settle();
      await channel.joins('bob');
      await channel.until('bob asked', () => isAsking(channel));
      channel.sleep('bob', 'receive');
      await channel.settle();
      assert.deepEqual(channel.membersOf('A'), ['Accepted']);
      await channel.joins('bob');
      await channel.settle();
      channel.wake('bob');
      await channel.settle();
      assert.deepEqual(channel.membersOf('A'), ['Connected']);
      assert.ok(channel.connections('bob').every((status) => status === 'Connected'));
      await channel.posts('1');
      await channel.settle();
      assert.deepEqual(channel.texts('bob'), ['1']);
      return channel.faults;
    },
  },
  {
    title: 'a member whose queue was lost is gone, and comes again',
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A'], members: ['bob'] });
      await channel.begins();
      await channel.settle();
      await channel.joins('bob');
      await channel.until('bob asked', () => isAsking(channel));
      channel.sleep('bob');
      await channel.settle();
      assert.deepEqual(channel.membersOf('A'), ['Accepted']);
      channel.losesQueues('bob', 'member_connection');
      await channel.posts('1');
      await channel.settle();
      assert.deepEqual(channel.membersOf('A'), ['Gone']);
      channel.wake('bob');
      await channel.joins('bob');
      await channel.settle();
      assert.deepEqual(channel.membersOf('A'), ['Connected']);
      return channel.faults;
    },
  },
  {
    title: 'a member that asks twice before it is answered is one member',
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A'], members: ['bob'] });
      await channel.begins();
      await channel.settle();
      channel.sleep('A', 'execute');
      for (let times = 1; times <= 2; times++) {
        await channel.joins('bob');
        await channel.settle();
      }
      channel.wake('A');
      await channel.settle();
      assert.deepEqual(channel.membersOf('A'), ['Connected']);
      assert.ok(channel.connections('bob').every((status) => status === 'Connected'));
      return channel.faults;
    },
  },
  {
    title: 'a member that may not read the link stays with the relays that it has, or tries again',
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A'], members: ['bob'] });
      await channel.begins();
      await channel.settle();
      const status = () => channel.record('bob', channel.membership('bob'))?.status;
      channel.refuse('bob', 'LGET');
      await channel.joins('bob');
      await channel.settle();
      assert.equal(status(), 'Broken');
      await channel.joins('bob');
      await channel.settle();
      assert.equal(status(), 'Joined');
      channel.refuse('bob', 'LGET');
      await channel.checks('bob');
      await channel.settle();
      assert.equal(status(), 'Joined');
      assert.ok(channel.connections('bob').every((one) => one === 'Connected'));
      return channel.faults;
    },
  },
  {
    title: 'a member joins no group whose profile names another one',
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A'], members: ['bob'] });
      await channel.begins();
      await channel.settle();
      const { store, agent } = channel.process('owner');
      const group = channel.record('owner', { noun: 'group', id: GROUP })!;
      const profile = group.data['profile'] as { publicGroup: object };
      const publicGroup = { ...profile.publicGroup, groupLink: `${channel.groupLink}A` };
      store.records.set(refKey(group), {
        ...group,
        data: { ...group.data, profile: { ...profile, publicGroup } },
      });
      await agent.setConnShortLinkAsync('forged', GROUP);
      await channel.settle();
      const { groupLink } = group.data as { groupLink: string };
      await channel.process('bob').agent.join(groupLink, ['bob']);
      await channel.settle();
      const [membership] = channel.recordsOf('bob', 'membership');
      assert.equal(membership.status, 'Broken');
      assert.equal(membership.data['reason'], 'the profile names another group link');
      return channel.faults;
    },
  },
];
