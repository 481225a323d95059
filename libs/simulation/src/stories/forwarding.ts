import assert from 'node:assert/strict';
import type { ProtocolName } from '@chat-relays/protocol';
import { connectionsOf } from '@chat-relays/protocol';
import { Channel } from '../channel';
import type { Telling } from './telling';

const five = ['1', '2', '3', '4', '5'];

async function withBobAndCarol(protocol: ProtocolName, quota: number): Promise<Channel> {
  const channel = await Channel.with({ protocol, relays: ['A'], members: ['bob', 'carol'], quota });
  await channel.begins();
  await channel.settle();
  await channel.joins('bob');
  await channel.joins('carol');
  await channel.settle();
  return channel;
}

export const forwarding: readonly Telling[] = [
  {
    title: 'two relays, every message once',
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A', 'B'], members: ['bob'] });
      await channel.begins();
      await channel.settle();
      await channel.joins('bob');
      await channel.settle();
      await channel.posts('1', '2');
      await channel.posts('3');
      await channel.settle();
      assert.deepEqual(channel.texts('bob'), ['1', '2', '3']);
      return channel.faults;
    },
  },
  {
    title: 'a member whose queue is full falls behind alone, and gets everything in order later',
    async tell(protocol) {
      const channel = await withBobAndCarol(protocol, 2);
      channel.sleep('bob');
      for (const text of five) {
        await channel.posts(text);
        await channel.until(`carol has ${text}`, () => channel.texts('carol').includes(text));
      }
      assert.deepEqual(channel.texts('carol'), five);
      assert.deepEqual(channel.texts('bob'), []);
      channel.wake('bob');
      await channel.settle();
      assert.deepEqual(channel.texts('bob'), five);
      assert.deepEqual(channel.texts('carol'), five);
      return channel.faults;
    },
  },
  {
    title: 'a member that deleted its queue is gone once, and nobody else notices',
    async tell(protocol) {
      const channel = await withBobAndCarol(protocol, 8);
      channel.losesQueues('bob', 'member_connection');
      await channel.posts('1');
      await channel.settle();
      await channel.posts('2');
      await channel.settle();
      assert.deepEqual(channel.membersOf('A').sort(), ['Connected', 'Gone']);
      assert.equal(channel.decided('queue.gone', 'moved'), 1);
      assert.deepEqual(channel.texts('carol'), ['1', '2']);
      return channel.faults;
    },
  },
  {
    title: 'a member that deletes its queue while it is behind is gone, and asked no more',
    async tell(protocol) {
      const channel = await withBobAndCarol(protocol, 1);
      channel.sleep('bob');
      for (const text of five) {
        await channel.posts(text);
        await channel.until(`carol has ${text}`, () => channel.texts('carol').includes(text));
      }
      channel.losesQueues('bob', 'member_connection');
      await channel.settle();
      assert.deepEqual(channel.membersOf('A').sort(), ['Connected', 'Gone']);
      assert.deepEqual(await channel.process('A').deliveries.pending('A', Infinity), []);
      return channel.faults;
    },
  },
  {
    title: 'a member that deletes its queue before it was accepted cannot be let in',
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A'], members: ['bob'] });
      await channel.begins();
      await channel.settle();
      channel.sleep('A', 'execute');
      await channel.joins('bob');
      const asked = connectionsOf(protocol).length;
      const asking = () => [
        ...channel.recordsOf('A', 'group_member'),
        ...channel.recordsOf('A', 'priority_connection'),
      ];
      await channel.until('A was asked', () => asking().length === asked);
      channel.sleep('bob');
      channel.losesQueues('bob', 'member_connection');
      channel.wake('A');
      await channel.settle();
      assert.deepEqual(
        asking().map(({ status }) => status),
        Array<string>(asked).fill('Broken'),
      );
      return channel.faults;
    },
  },
  {
    title: 'a member that deletes its queue before it was ever heard is gone too',
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A'], members: ['bob'] });
      await channel.begins();
      await channel.settle();
      await channel.joins('bob');
      await channel.until('bob asked', () => channel.connections('bob').includes('Invited'));
      channel.sleep('bob');
      await channel.settle();
      channel.losesQueues('bob', 'member_connection');
      await channel.posts('1');
      await channel.settle();
      assert.deepEqual(channel.membersOf('A'), ['Gone']);
      return channel.faults;
    },
  },
];
