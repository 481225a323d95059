import assert from 'node:assert/strict';
import type { ProtocolName } from '@chat-relays/protocol';
import { Channel } from '../channel';
import type { Telling } from './telling';

async function withBob(protocol: ProtocolName, relays: string[]): Promise<Channel> {
  const channel = await Channel.with({ protocol, relays, members: ['bob'] });
  await channel.begins();
  await channel.settle();
  await channel.joins('bob');
  await channel.settle();
  await post(channel, '1');
  return channel;
}

async function post(channel: Channel, ...texts: string[]): Promise<void> {
  for (const text of texts) {
    await channel.posts(text);
    await channel.settle();
  }
}

/** While bob is away, his server loses what each of these brings. */
async function lose(channel: Channel, ...texts: string[]): Promise<void> {
  channel.sleep('bob');
  await post(channel, ...texts);
  losesMessages(channel, 'bob');
  channel.wake('bob');
}

/** Acknowledged by whom, if not by its server: to everybody else what waits for a process is lost. */
function losesMessages(channel: Channel, process: string): void {
  const { smp } = channel.process(process);
  const { onTheWay } = channel.world.servers;
  const next = () => onTheWay.get(smp.session)?.shift();
  for (let message = next(); message; message = next()) smp.acknowledge([message]);
}

/** What a member knows that it never got, as `A: 2-3`, in the order in which it noticed. */
function gaps(channel: Channel, member: string): string[] {
  return [...channel.process(member).store.gaps.values()].map(
    (gap) => `${channel.bringerOf(gap)}: ${gap.from}-${gap.to}`,
  );
}

function told(channel: Channel): number {
  return channel.world.observations.reduce((sum, one) => sum + (one.what === 'gap' ? one.gaps : 0), 0);
}

export const missing: readonly Telling[] = [
  {
    title: 'a server loses what waited for a member: the next message tells, once, also after a crash',
    async tell(protocol) {
      const channel = await withBob(protocol, ['A']);
      await lose(channel, '2', '3');
      assert.deepEqual(gaps(channel, 'bob'), []);
      await post(channel, '4');
      assert.deepEqual(channel.texts('bob'), ['1', '4']);
      assert.deepEqual(gaps(channel, 'bob'), ['A: 2-3']);
      await channel.world.restart(channel.process('bob'));
      await post(channel, '5');
      assert.deepEqual(channel.texts('bob'), ['1', '4', '5']);
      assert.deepEqual(gaps(channel, 'bob'), ['A: 2-3']);
      assert.equal(told(channel), 1);
      return channel.faults;
    },
  },
  {
    title: 'what a relay lost of one gap and of the next one is told as two',
    async tell(protocol) {
      const channel = await withBob(protocol, ['A']);
      await lose(channel, '2');
      await post(channel, '3');
      await lose(channel, '4', '5');
      await post(channel, '6');
      assert.deepEqual(gaps(channel, 'bob'), ['A: 2-2', 'A: 4-5']);
      assert.equal(told(channel), 2);
      return channel.faults;
    },
  },
  {
    title: 'what another relay brings of it is there, and what is missing of the first is told all the same',
    async tell(protocol) {
      const channel = await withBob(protocol, ['A', 'B']);
      channel.sleep('B', 'deliver');
      await lose(channel, '2', '3');
      channel.wake('B');
      await channel.settle();
      await post(channel, '4');
      assert.deepEqual(channel.texts('bob').sort(), ['1', '2', '3', '4']);
      assert.deepEqual(gaps(channel, 'bob'), ['A: 2-3']);
      return channel.faults;
    },
  },
];
