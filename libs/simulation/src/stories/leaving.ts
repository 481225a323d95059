import assert from 'node:assert/strict';
import { connectionsOf, type Noun, type ProtocolName } from '@chat-relays/protocol';
import { idBytes } from '@chat-relays/wire';
import { Channel } from '../channel';
import { early } from './early';
import type { Telling } from './telling';

async function serving(
  protocol: ProtocolName,
  relays: string[],
  members: string[],
  quota?: number,
): Promise<Channel> {
  const channel = await Channel.with({ protocol, relays, members, quota });
  await channel.begins();
  await channel.settle();
  for (const member of members) await channel.joins(member);
  await channel.settle();
  return channel;
}

const ofMembers: readonly Noun[] = ['group_member', 'priority_connection'];

/** What a relay has of members and of what was said: records, queues, those that it sends to, messages, commands. */
function had(channel: Channel, relay: string): Record<string, number> {
  const { store, deliveries } = channel.process(relay);
  const count = (things: Iterable<{ readonly noun: Noun }>): number =>
    [...things].filter(({ noun }) => ofMembers.includes(noun)).length;
  return {
    records: count(store.records.values()),
    queues: count(store.receiveQueues.values()),
    sending: [...store.sendQueues.values()].filter(({ server }) => server === 'smp-members').length,
    messages: deliveries.jobs.length,
    commands: store.commands.size,
  };
}

const nothing = { records: 0, queues: 0, sending: 0, messages: 0, commands: 0 };

/** Queues at the relays' server that no relay knows of. */
function forgotten(channel: Channel, relays: readonly string[]): number {
  const known = relays.flatMap((relay) => [...channel.process(relay).store.receiveQueues.values()]);
  return channel.world.servers.core('smp-relays').snapshot().queues.length - known.length;
}

function leaves(channel: Channel, relay: string, member: string): boolean {
  const records = channel.recordsOf(relay, 'group_member');
  return !records.some(({ data }) => data['memberName'] === member);
}

/** Whoever sleeps has one message in its queue by each relay, which then takes no more. */
async function fills(channel: Channel, ...relays: string[]): Promise<void> {
  for (const [at, text] of ['1', '2'].entries()) {
    await channel.posts(text);
    const isDone = ({ deliveries: { jobs } }: ReturnType<Channel['process']>): boolean =>
      jobs.length === at + 1 && jobs.every(({ status }) => status === 'Complete');
    await channel.until(`${text} is sent`, () => relays.every((relay) => isDone(channel.process(relay))));
  }
}

/** The answer to what it says to a member is lost; before it is said again, the relay has removed itself. */
async function isRemovedWhileItSays(channel: Channel, relay: string): Promise<void> {
  channel.loseReplyTo(relay, 'SEND');
  channel.wake(relay);
  await channel.until('it was said', () => channel.faults.lost === undefined);
  channel.sleep(relay, 'execute');
  const [own] = channel.recordsOf(relay, 'relay_own');
  const memberId = idBytes(String(own.data['relayMemberId']));
  await early(channel, own, 'x.grp.mem.del', { memberId });
  const { deliveries } = channel.process(relay);
  await channel.until('it is told', () => deliveries.jobs.every(({ status }) => status === 'Complete'));
  channel.wake(relay);
  await channel.settle();
}

async function looksTwice(channel: Channel, member: string): Promise<void> {
  for (let looks = 1; looks <= 2; looks++) {
    await channel.checks(member);
    await channel.settle();
  }
}

/** How a relay leaves its members, ADR 16. Pages have two of them. */
export const leaving: readonly Telling[] = [
  {
    title: 'a relay that is removed has nothing of its members any more, nor of what was said',
    async tell(protocol) {
      const members = ['bob', 'carol', 'dave', 'eve', 'frank'];
      const channel = await serving(protocol, ['A', 'B'], members);
      await channel.posts('1', '2');
      await channel.settle();
      const { records } = had(channel, 'A');
      assert.equal(records, members.length * connectionsOf(protocol).length);
      await channel.removes('A');
      await channel.settle();
      assert.deepEqual(had(channel, 'A'), nothing);
      assert.equal(forgotten(channel, ['A', 'B']), 0);
      assert.equal(had(channel, 'B').records, records);
      assert.deepEqual(
        channel.recordsOf('A', 'departure').map(({ status }) => status),
        ['Left'],
      );
      for (const member of members) assert.ok(channel.connections(member).includes('Removed'));
      return channel.faults;
    },
  },
  {
    title: 'a member whose queue takes nothing keeps no other one, and goes when the patience is over',
    async tell(protocol) {
      const channel = await serving(protocol, ['A', 'B'], ['bob', 'carol'], 1);
      channel.sleep('bob');
      await fills(channel, 'A', 'B');
      await channel.removes('A');
      await channel.until('A left carol', () => leaves(channel, 'A', 'carol'));
      assert.ok(!leaves(channel, 'A', 'bob'));
      assert.ok(channel.recordsOf('A', 'departure').every(({ status }) => status === 'Leaving'));
      await channel.until('A left bob', () => leaves(channel, 'A', 'bob'));
      channel.sleep('B');
      channel.wake('bob');
      await channel.settle();
      assert.deepEqual(had(channel, 'A'), nothing);
      assert.ok(!channel.connections('bob').includes('Removed'));
      channel.wake('B');
      await channel.settle();
      await looksTwice(channel, 'bob');
      assert.ok(channel.connections('bob').includes('Removed'));
      assert.deepEqual(channel.texts('bob'), ['1', '2']);
      return channel.faults;
    },
  },
  {
    title: 'a relay that is chosen again while it leaves its members keeps those who come to its new link',
    async tell(protocol) {
      const channel = await serving(protocol, ['A', 'B'], ['bob', 'carol'], 1);
      channel.sleep('bob');
      await fills(channel, 'A', 'B');
      await channel.removes('A');
      await channel.until('A left carol', () => leaves(channel, 'A', 'carol'));
      assert.ok(!leaves(channel, 'A', 'bob'));
      channel.sleep('A', 'execute');
      await channel.chooses('A');
      await channel.until('A is invited', () => channel.relayOwnStatus('A') === 'Invited');
      channel.wake('A');
      await channel.until('A left bob', () => leaves(channel, 'A', 'bob'));
      channel.wake('bob');
      await channel.settle();
      await looksTwice(channel, 'carol');
      await channel.settle();
      await looksTwice(channel, 'bob');
      await channel.posts('3');
      await channel.settle();
      assert.deepEqual(channel.membersOf('A'), ['Connected', 'Connected']);
      assert.ok(channel.recordsOf('A', 'group_member').every((member) => member.data['life'] === 1));
      assert.equal(had(channel, 'A').queues, 2 * connectionsOf(protocol).length);
      assert.equal(forgotten(channel, ['A', 'B']), 0);
      for (const member of ['bob', 'carol']) assert.deepEqual(channel.texts(member), ['1', '2', '3']);
      return channel.faults;
    },
  },
  {
    title: 'a relay that comes back after it left brings new members what its owner said, in order',
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A'], members: ['bob', 'carol'] });
      await channel.begins();
      await channel.settle();
      await channel.joins('bob');
      await channel.posts('1', '2');
      await channel.settle();
      await channel.removes('A', true);
      await channel.settle();
      assert.deepEqual(had(channel, 'A'), nothing);
      await channel.chooses('A');
      await channel.settle();
      await channel.joins('carol');
      await channel.posts('3');
      await channel.settle();
      await looksTwice(channel, 'bob');
      await channel.posts('4');
      await channel.settle();
      for (const member of ['bob', 'carol']) assert.deepEqual(channel.texts(member), ['1', '2', '3', '4']);
      await channel.removes('A', true);
      await channel.settle();
      assert.deepEqual(had(channel, 'A'), nothing);
      return channel.faults;
    },
  },
  {
    title: 'a relay that serves again before it said to anybody that it was removed does not say so any more',
    async tell(protocol) {
      const channel = await serving(protocol, ['A', 'B'], ['bob']);
      channel.sleep('A', 'deliver');
      await channel.removes('A');
      await channel.until('A is removed', () => channel.relayOwnStatus('A') === 'Removed');
      await channel.chooses('A');
      await channel.until('A serves again', () => channel.relayStatus('A') === 'Confirmed');
      channel.wake('A');
      await channel.settle();
      assert.deepEqual(
        channel.process('A').deliveries.jobs.map(({ status }) => status),
        ['Withdrawn'],
      );
      assert.ok(!channel.connections('bob').includes('Removed'));
      await looksTwice(channel, 'bob');
      await channel.posts('1');
      await channel.settle();
      assert.deepEqual(channel.texts('bob'), ['1']);
      assert.deepEqual(channel.membersOf('A'), ['Connected']);
      return channel.faults;
    },
  },
  {
    title: 'a relay that breaks when it comes back keeps nothing of before either',
    async tell(protocol) {
      const channel = await serving(protocol, ['A', 'B'], ['bob']);
      await channel.posts('1');
      await channel.settle();
      channel.sleep('A', 'deliver');
      await channel.removes('A');
      await channel.until('A is removed', () => channel.relayOwnStatus('A') === 'Removed');
      await channel.chooses('A');
      await channel.until('A is invited', () => channel.relayOwnStatus('A') === 'Invited');
      channel.refuse('A', { full: 'NEW', pooled: 'SKEY', paired: 'LGET' }[protocol]);
      await channel.until('A is broken', () => channel.relayOwnStatus('A') === 'Broken');
      channel.wake('A');
      await channel.settle();
      assert.deepEqual(had(channel, 'A'), nothing);
      assert.equal(forgotten(channel, ['A', 'B']), 0);
      return channel.faults;
    },
  },
  {
    title:
      'a member that was being let in when its relay was removed is let in no more, and no queue is forgotten',
    async tell(protocol) {
      const channel = await serving(protocol, ['A', 'B'], []);
      channel.world.add('bob', 'smp-members');
      channel.sleep('A', 'execute');
      await channel.joins('bob');
      await channel.until('bob asked A', () => channel.membersOf('A').includes('New'));
      await isRemovedWhileItSays(channel, 'A');
      assert.equal(channel.executed('ACPT', 'permanent'), 1);
      assert.deepEqual(had(channel, 'A'), nothing);
      assert.equal(forgotten(channel, ['A', 'B']), 0);
      return channel.faults;
    },
  },
  {
    title: 'what a relay still had to answer when it was removed is answered no more',
    only: ['paired'],
    async tell(protocol) {
      const channel = await serving(protocol, ['A', 'B'], ['bob'], 1);
      await channel.posts('1');
      await channel.settle();
      const [asking] = channel
        .recordsOf('bob', 'member_connection')
        .filter(({ data }) => data['purpose'] === 'priority');
      const answering = () =>
        ['A', 'B'].find((one) =>
          channel.recordsOf(one, 'priority_connection').some(({ status }) => status === 'Answering'),
        );
      for (const relay of ['A', 'B']) channel.sleep(relay, 'execute');
      await channel.process('bob').agent.askHistory('bob', [asking.id]);
      await channel.until('it was asked', () => answering() !== undefined);
      const relay = answering()!;
      channel.sleep('bob');
      await isRemovedWhileItSays(channel, relay);
      assert.equal(channel.executed('HIST', 'permanent'), 1);
      assert.deepEqual(had(channel, relay), nothing);
      return channel.faults;
    },
  },
  {
    title: 'a relay that is killed while it leaves its members goes on, and forgets none',
    async tell(protocol) {
      const channel = await serving(protocol, ['A', 'B'], ['bob', 'carol', 'dave']);
      await channel.removes('A');
      for (const left of [2, 1, 0]) {
        await channel.until(`${left} are left`, () => channel.recordsOf('A', 'group_member').length <= left);
        await channel.world.restart(channel.process('A'));
      }
      await channel.settle();
      assert.deepEqual(had(channel, 'A'), nothing);
      assert.equal(forgotten(channel, ['A', 'B']), 0);
      return channel.faults;
    },
  },
  {
    title: 'what comes late from a member that was left, or for it, changes nothing',
    async tell(protocol) {
      const channel = await serving(protocol, ['A', 'B'], ['bob']);
      const [member] = channel.recordsOf('A', 'group_member');
      await channel.removes('A');
      await channel.settle();
      for (const event of ['x.ok', 'queue.gone']) await early(channel, member, event, { reason: 'late' });
      await channel.settle();
      assert.deepEqual(had(channel, 'A'), nothing);
      return channel.faults;
    },
  },
];
