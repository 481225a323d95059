import assert from 'node:assert/strict';
import { connectionsOf, type ProtocolName } from '@chat-relays/protocol';
import { Channel } from '../channel';
import { early } from './early';
import type { Telling } from './telling';

/** Queues that the members' server has and no member knows of, or the other way round, and what members have yet to do. */
function leftovers(channel: Channel, members: readonly string[]): string[] {
  const stores = members.map((name) => channel.process(name).store);
  const known = stores.flatMap(({ receiveQueues }) => [...receiveQueues.values()].map(idOf));
  const there = channel.world.servers.core('smp-members').snapshot().queues.map(idOf);
  return [
    ...stores.flatMap(({ commands }) => [...commands.keys()]),
    ...there.filter((id) => !known.includes(id)),
    ...known.filter((id) => !there.includes(id)),
  ];
}

function idOf({ recipientId }: { readonly recipientId: Uint8Array }): string {
  return Buffer.from(recipientId).toString('hex');
}

/** bob is in, and has heard nothing yet. */
async function connected(protocol: ProtocolName): Promise<Channel> {
  const channel = await Channel.with({ protocol, relays: ['A'], members: ['bob'] });
  await channel.begins();
  await channel.settle();
  await channel.joins('bob');
  await channel.settle();
  assert.ok(channel.connections('bob').every((status) => status === 'Connected'));
  return channel;
}

/** bob has these texts, gets the next one, and has no queue too many. */
async function isWhole(channel: Channel, texts: readonly string[]): Promise<void> {
  assert.deepEqual(channel.texts('bob'), texts);
  assert.ok(channel.connections('bob').every((status) => status === 'Connected'));
  assert.deepEqual(channel.membersOf('A'), ['Connected']);
  await channel.posts('the next');
  await channel.settle();
  assert.deepEqual(channel.texts('bob'), [...texts, 'the next']);
  assert.deepEqual(leftovers(channel, ['bob']), []);
  const { receiveQueues } = channel.process('bob').store;
  assert.equal(receiveQueues.size, connectionsOf(channel.protocol).length);
}

/** Those who come again, and those who no longer want to. */
export const rejoining: readonly Telling[] = [
  {
    title: 'a relay whose link is full is asked no more once it is not listed, and no queue is forgotten',
    async tell(protocol) {
      const members = ['bob', 'carol'];
      const channel = await Channel.with({ protocol, relays: ['A', 'B'], members, quota: 1 });
      await channel.begins();
      await channel.settle();
      channel.sleep('A');
      for (const member of members) await channel.joins(member);
      const ways = (): string[] => members.flatMap((member) => channel.connections(member));
      const share = connectionsOf(protocol).length * members.length;
      const count = (status: string): number => ways().filter((one) => one === status).length;
      await channel.until(
        'one of them is asking A',
        () => count('Invited') === 1 && count('Connected') === share,
      );
      await channel.removes('A');
      await channel.until('A is listed no more', () => channel.listed() === 1);
      assert.equal(count('New'), share - 1);
      for (let looks = 1; looks <= 2; looks++) {
        for (const member of members) {
          await channel.checks(member);
          const membership = () => channel.record(member, channel.membership(member))!;
          await channel.until(`${member} has looked`, () => membership().status === 'Joined');
        }
      }
      await channel.settle();
      assert.equal(count('Removed'), share);
      assert.deepEqual(leftovers(channel, members), []);
      return channel.faults;
    },
  },
  {
    title: 'what was not connected yet is not connected any more',
    only: ['paired'],
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A'] });
      const [owners, relays] = [
        () => channel.recordsOf('owner', 'relay_connection')[0],
        () => channel.recordsOf('A', 'owner_connection')[0],
      ];
      await channel.begins();
      await channel.until('the owner asks', () => owners()?.status === 'New');
      channel.loseReplyTo('owner', 'SEND');
      await channel.until('the request went out', () => channel.faults.lost === undefined);
      channel.sleep('owner');
      channel.loseReplyTo('A', 'SEND');
      await channel.until('A was asked', () => relays()?.status === 'New');
      await early(channel, owners(), 'relay.removed', {});
      await early(channel, relays(), 'owner.removed', {});
      assert.deepEqual([owners().status, relays().status], ['Removed', 'Removed']);
      channel.wake('owner');
      await channel.settle();
      return channel.faults;
    },
  },
  {
    title: 'a member that may not read the link once looks again when it is time, with relays or without',
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A'], members: ['bob'] });
      await channel.begins([]);
      await channel.settle();
      const looks = async (): Promise<string | undefined> => {
        await channel.checks('bob');
        await channel.settle();
        return channel.record('bob', channel.membership('bob'))?.status;
      };
      await channel.joins('bob');
      await channel.settle();
      channel.refuse('bob', 'LGET');
      assert.equal(await looks(), 'Broken');
      assert.equal(await looks(), 'NoRelays');
      channel.refuse('bob', 'LGET');
      assert.equal(await looks(), 'Broken');
      await channel.chooses('A');
      await channel.settle();
      assert.equal(await looks(), 'Joined');
      assert.ok(channel.connections('bob').every((one) => one === 'Connected'));
      return channel.faults;
    },
  },
  {
    title:
      'a member that its relay lost is in again when it asks for new connections, not when it looks, and misses nothing',
    async tell(protocol) {
      const channel = await connected(protocol);
      channel.refuse('A', 'SEND');
      await channel.posts('1');
      await channel.settle();
      await channel.checks('bob');
      await channel.settle();
      await channel.joins('bob');
      await channel.settle();
      assert.deepEqual(channel.membersOf('A'), ['Gone']);
      assert.deepEqual(channel.texts('bob'), []);
      await channel.joins('bob', true);
      await channel.settle();
      await isWhole(channel, ['1']);
      return channel.faults;
    },
  },
  {
    title: 'a member whose queues were lost joins again while it is looking, and misses nothing',
    async tell(protocol) {
      const channel = await connected(protocol);
      channel.losesQueues('bob', 'member_connection');
      await channel.posts('1');
      await channel.settle();
      assert.deepEqual(channel.membersOf('A'), ['Gone']);
      await channel.checks('bob');
      await channel.joins('bob', true);
      await channel.settle();
      await isWhole(channel, ['1']);
      return channel.faults;
    },
  },
  {
    title: 'a member that joins again though all is well loses nothing and has nothing twice',
    async tell(protocol) {
      const channel = await connected(protocol);
      await channel.posts('1', '2');
      await channel.settle();
      channel.sleep('bob');
      await channel.posts('3');
      await channel.settle();
      await channel.joins('bob', true);
      await channel.posts('4');
      channel.wake('bob');
      await channel.settle();
      await isWhole(channel, ['1', '2', '3', '4']);
      return channel.faults;
    },
  },
];
