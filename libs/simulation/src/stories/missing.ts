import assert from 'node:assert/strict';
import { isBroadcast, type ProtocolName } from '@chat-relays/protocol';
import { Channel } from '../channel';
import { early } from './early';
import type { Telling } from './telling';

async function withBob(protocol: ProtocolName, relays: string[], quota?: number): Promise<Channel> {
  const channel = await Channel.with({ protocol, relays, members: ['bob'], quota });
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

/** Over every priority connection that a member has. */
async function asks(channel: Channel, member: string): Promise<void> {
  const ids = channel
    .recordsOf(member, 'member_connection')
    .filter(({ data }) => data['purpose'] === 'priority')
    .map(({ id }) => id);
  await channel.process(member).agent.askHistory(member, ids);
}

function priority(channel: Channel, relay: string): string[] {
  return channel.recordsOf(relay, 'priority_connection').map(({ status }) => status);
}

const only = ['paired'] as const;

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
  {
    title: 'what a server lost comes back when the member asks its relay',
    only,
    async tell(protocol) {
      const channel = await withBob(protocol, ['A']);
      await lose(channel, '2', '3');
      await post(channel, '4');
      assert.deepEqual(channel.texts('bob'), ['1', '4']);
      await asks(channel, 'bob');
      await channel.settle();
      assert.deepEqual(channel.texts('bob'), ['1', '4', '2', '3']);
      assert.deepEqual(priority(channel, 'A'), ['Connected']);
      await post(channel, '5');
      assert.deepEqual(channel.texts('bob'), ['1', '4', '2', '3', '5']);
      assert.deepEqual(channel.divergences('bob'), []);
      return channel.faults;
    },
  },
  {
    title: 'an answer does not wait behind what is broadcast, also when that queue is full',
    only,
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A'], members: ['bob'], quota: 2 });
      await channel.begins();
      await channel.settle();
      await channel.joins('bob');
      await channel.settle();
      channel.sleep('bob');
      await channel.posts('1', '2', '3', '4');
      const { jobs } = channel.process('A').deliveries;
      await channel.until(
        'A forwarded all',
        () => jobs.filter(({ status }) => status === 'Complete').length === 4,
      );
      // what was broadcast stays on the way: nobody acknowledges it, and nothing comes after it
      const { smp } = channel.process('bob');
      const { onTheWay } = channel.world.servers;
      const held = onTheWay.get(smp.session)!;
      assert.equal(held.length, 1);
      onTheWay.set(smp.session, []);
      channel.wake('bob');
      await asks(channel, 'bob');
      await channel.until('bob has all', () => channel.texts('bob').length === 4);
      await channel.until('A has answered', () => priority(channel, 'A').includes('Connected'));
      const kept = [...channel.process('bob').messages.kept.values()];
      assert.ok(kept.every(({ via }) => isBroadcast(via)));
      onTheWay.get(smp.session)!.push(...held);
      await channel.settle();
      assert.deepEqual(channel.texts('bob'), ['1', '2', '3', '4']);
      assert.deepEqual(gaps(channel, 'bob'), []);
      return channel.faults;
    },
  },
  {
    title:
      'an answer of many messages is the newest hundred, each once, and whoever asks meanwhile has it already',
    only,
    async tell(protocol) {
      const channel = await withBob(protocol, ['A'], 500);
      const long = 'x'.repeat(1_000);
      const texts = Array.from({ length: 110 }, (_, n) => `${n} ${long}`);
      channel.sleep('bob');
      for (let at = 0; at < texts.length; at += 10) {
        await channel.posts(...texts.slice(at, at + 10));
        await channel.settle();
      }
      losesMessages(channel, 'bob');
      channel.wake('bob');
      channel.sleep('A', 'execute');
      await asks(channel, 'bob');
      await channel.until('A is to answer', () => priority(channel, 'A').includes('Answering'));
      await asks(channel, 'bob');
      await channel.settle();
      assert.equal(channel.decided('x.grp.relay.history', 'ignored'), 1);
      channel.loseReplyTo('A', 'SEND');
      channel.wake('A');
      await channel.until('A sent some of it', () => channel.executed('HIST', 'ok') > 0);
      await channel.world.restart(channel.process('A'));
      await channel.settle();
      assert.deepEqual(channel.texts('bob'), ['1', ...texts.slice(10)]);
      assert.ok(channel.executed('HIST', 'ok') > 1);
      assert.deepEqual(priority(channel, 'A'), ['Connected']);
      return channel.faults;
    },
  },
  {
    title: 'a relay that cannot be asked is connected to again, in the middle of its answer',
    only,
    async tell(protocol) {
      const channel = await withBob(protocol, ['A']);
      channel.sleep('A', 'execute');
      await asks(channel, 'bob');
      await channel.until('A is to answer', () => priority(channel, 'A').includes('Answering'));
      channel.refuse('bob', 'SEND');
      await asks(channel, 'bob');
      await channel.settle();
      assert.deepEqual(channel.connections('bob').sort(), ['Broken', 'Connected']);
      await channel.joins('bob');
      await channel.settle();
      assert.deepEqual(priority(channel, 'A'), ['New']);
      channel.wake('A');
      await channel.settle();
      assert.deepEqual(priority(channel, 'A'), ['Connected']);
      assert.deepEqual(channel.connections('bob'), ['Connected', 'Connected']);
      return channel.faults;
    },
  },
  {
    title: 'a member that has no queue for answers any more gets none',
    only,
    async tell(protocol) {
      const channel = await withBob(protocol, ['A']);
      channel.sleep('A', 'execute');
      await asks(channel, 'bob');
      await channel.until('A is to answer', () => priority(channel, 'A').includes('Answering'));
      channel.losesQueues('bob', 'member_connection');
      channel.wake('A');
      await channel.settle();
      assert.deepEqual(priority(channel, 'A'), ['Broken']);
      return channel.faults;
    },
  },
  {
    title: 'a relay that serves no more answers nobody, and no relay answers on another connection',
    only,
    async tell(protocol) {
      const channel = await withBob(protocol, ['A', 'B']);
      const [member] = channel.recordsOf('B', 'group_member');
      await early(channel, member, 'x.grp.relay.history', {});
      assert.equal(channel.decided('x.grp.relay.history', 'violation'), 1);
      channel.faults.strange.length = 0;
      channel.sleep('bob', 'receive');
      await channel.removes('A');
      await channel.until('A is removed', () => channel.relayOwnStatus('A') === 'Removed');
      const [asked] = channel
        .recordsOf('bob', 'member_connection')
        .filter((one) => channel.bringerOf({ via: one.id }) === 'A' && one.data['purpose'] === 'priority');
      await channel.process('bob').agent.askHistory('bob', [asked.id]);
      await channel.settle();
      assert.equal(channel.executed('HIST', 'ok'), 0);
      assert.ok(!priority(channel, 'A').includes('Answering'));
      return channel.faults;
    },
  },
];
