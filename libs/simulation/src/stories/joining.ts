import assert from 'node:assert/strict';
import { type ConnectionPurpose, memberConnectionId, membershipId } from '@chat-relays/protocol';
import { Channel } from '../channel';
import { early } from './early';
import type { Telling } from './telling';

export const joining: readonly Telling[] = [
  {
    title: 'a relay refuses to let members join until it is confirmed; joining again works',
    only: ['full'],
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A'], members: ['bob'] });
      await channel.begins();
      await channel.until('A is listed', () => channel.relayStatus('A') === 'Added');
      channel.sleep('owner');
      await channel.joins('bob');
      await channel.settle();
      assert.equal(channel.decided('x.member', 'unmet'), 1);
      assert.deepEqual(channel.membersOf('A'), []);
      assert.deepEqual(channel.connections('bob'), ['Invited']);
      channel.wake('owner');
      await channel.settle();
      await channel.joins('bob');
      await channel.settle();
      assert.deepEqual(channel.membersOf('A'), ['Connected']);
      assert.deepEqual(channel.connections('bob'), ['Connected']);
      return channel.faults;
    },
  },
  {
    title: 'the owner refuses contact requests on the group link',
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A'], members: ['mallory'] });
      await channel.begins();
      await channel.settle();
      const groupLink = channel.groupLink;
      const id = memberConnectionId(membershipId('mallory', groupLink), groupLink, 'messages');
      await channel
        .process('mallory')
        .agent.tell({ noun: 'member_connection', id }, 'mallory', 'relay.listed', {
          membershipId: membershipId('mallory', groupLink),
          groupLink,
          relayLink: groupLink,
          memberName: 'mallory',
          memberId: 'bWVtYmVyLTAwMDAwMDAwMQ',
          memberKey: 'MCowBQYDK2VwAyEA11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
          memberSeed: 'CQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQk',
          publicGroupId: 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8',
          protocol: 'full',
          purpose: 'messages',
        });
      await channel.settle();
      assert.deepEqual(channel.refusals(), ['the group_link takes no x.member']);
      assert.deepEqual(channel.connections('mallory'), ['Invited']);
      assert.equal(channel.recordsOf('owner', 'group_member').length, 0);
      return channel.faults;
    },
  },
  {
    title: 'a member that joins a group without relays joins again when there are some',
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A'], members: ['bob'] });
      await channel.begins([]);
      await channel.settle();
      await channel.joins('bob');
      await channel.settle();
      assert.equal(channel.record('bob', channel.membership('bob'))?.status, 'NoRelays');
      await channel.chooses('A');
      await channel.settle();
      await channel.joins('bob');
      await channel.settle();
      assert.deepEqual([...new Set(channel.connections('bob'))], ['Connected']);
      return channel.faults;
    },
  },
  letIntoAnother('messages', 'New'),
  letIntoAnother('messages', 'Invited'),
  letIntoAnother('priority', 'New'),
  letIntoAnother('priority', 'Invited'),
  {
    title: 'a member that falls silent leaves the relay waiting in Accepted',
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A'], members: ['bob'] });
      await channel.begins();
      await channel.settle();
      await channel.joins('bob');
      await channel.until('bob asked', () => channel.connections('bob').includes('Invited'));
      channel.sleep('bob');
      await channel.settle();
      assert.deepEqual(channel.membersOf('A'), ['Accepted']);
      channel.wake('bob');
      await channel.settle();
      assert.deepEqual(channel.membersOf('A'), ['Connected']);
      return channel.faults;
    },
  },
  {
    title: 'a reply to an attempt that was given up is stale, and changes nothing',
    only: ['full'],
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A'], members: ['bob'] });
      await channel.begins();
      await channel.until('A is listed', () => channel.relayStatus('A') === 'Added');
      channel.sleep('owner');
      await channel.joins('bob');
      await channel.settle();
      await channel.joins('bob');
      await channel.until('bob tries again', () => channel.connections('bob').includes('New'));
      const [before] = channel.recordsOf('bob', 'member_connection');
      assert.equal(before.attempt, 2);
      await channel.process('bob').agent.tellAll([
        {
          ref: before,
          identity: 'bob',
          protocol: 'full',
          event: { name: 'JOINED', of: '15', facts: {} },
          command: { id: `member_connection:${before.id}/1/15/JOIN`, attempt: 1 },
        },
      ]);
      assert.equal(channel.decided('JOINED', 'stale'), 1);
      assert.deepEqual(channel.recordsOf('bob', 'member_connection'), [before]);
      return channel.faults;
    },
  },
];

/** @param from before its own bookkeeping, or after it */
function letIntoAnother(purpose: ConnectionPurpose, from: 'New' | 'Invited'): Telling {
  return {
    title: `a relay lets a member into another group than that of the link: it leaves (${purpose}, ${from})`,
    ...(purpose === 'priority' && { only: ['paired'] as const }),
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A'], members: ['bob'] });
      await channel.begins();
      await channel.settle();
      channel.sleep('A');
      await channel.joins('bob');
      const own = () =>
        channel.recordsOf('bob', 'member_connection').find(({ data }) => data['purpose'] === purpose);
      await channel.until(`bob is ${from}`, () => own()?.status === from);
      const connection = own()!;
      const publicGroup = { publicGroupId: channel.world.random.bytes(32) };
      const fromMember = { memberId: channel.world.random.bytes(12) };
      const facts = { groupLinkInvitation: { fromMember, groupProfile: { publicGroup } } };
      await early(channel, connection, 'x.grp.link.inv', facts, channel.senderSide('smp-relays'));
      const left = channel.record('bob', connection)!;
      assert.equal(left.status, 'Broken');
      assert.equal(left.data['reason'], 'the relay serves another group by this link');
      channel.wake('A');
      await channel.settle();
      assert.equal(channel.record('bob', connection)?.status, 'Broken');
      const queues = [...channel.process('bob').store.receiveQueues.values()];
      assert.deepEqual(
        queues.filter(({ id }) => id === connection.id),
        [],
      );
      await channel.joins('bob');
      await channel.settle();
      assert.deepEqual([...new Set(channel.connections('bob'))], ['Connected']);
      return channel.faults;
    },
  };
}
