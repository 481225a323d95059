import assert from 'node:assert/strict';
import { connectionsOf } from '@chat-relays/protocol';
import { Channel } from '../channel';
import { early } from './early';
import type { Telling } from './telling';

/** Queues at the members' server that no member knows of, and what members have yet to do. */
function leftovers(channel: Channel, members: readonly string[]): string[] {
  const stores = members.map((name) => channel.process(name).store);
  const known = new Set(
    stores.flatMap(({ receiveQueues }) =>
      [...receiveQueues.values()].map(({ recipientId }) => hex(recipientId)),
    ),
  );
  const { queues } = channel.world.servers.core('smp-members').snapshot();
  return [
    ...stores.flatMap(({ commands }) => [...commands.keys()]),
    ...queues.map(({ recipientId }) => hex(recipientId)).filter((id) => !known.has(id)),
  ];
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

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
];
