import assert from 'node:assert/strict';
import type { NewDeliveryJob } from '@chat-relays/agent';
import type { ProtocolName } from '@chat-relays/protocol';
import { Channel } from '../channel';
import { again, altered, dishonest, invented } from '../faults/dishonest-relay';
import type { Telling } from './telling';

/** Relay B does with every block of messages what `change` says; bob is connected to all relays. */
async function withBob(
  protocol: ProtocolName,
  change: (jobs: readonly NewDeliveryJob[]) => readonly NewDeliveryJob[],
  relays = ['A', 'B', 'C'],
): Promise<Channel> {
  const channel = await Channel.with({
    protocol,
    relays,
    members: ['bob'],
    sabotage: dishonest('B', change),
  });
  await channel.begins();
  await channel.settle();
  await channel.joins('bob');
  await channel.settle();
  return channel;
}

/** The relays that are not named forward first. */
async function posts(channel: Channel, texts: string[], ...late: string[]): Promise<void> {
  for (const relay of late) channel.sleep(relay, 'deliver');
  await channel.posts(...texts);
  await channel.settle();
  for (const relay of late) channel.wake(relay);
  await channel.settle();
}

const alters = (jobs: readonly NewDeliveryJob[]) => jobs.map((job, n) => altered(job, `lie ${n + 1}`));

function kept(channel: Channel): number {
  return channel.world.observations.reduce((sum, one) => sum + (one.what === 'diverged' ? one.kept : 0), 0);
}

export const distrusting: readonly Telling[] = [
  {
    title: 'a relay alters what it forwards: the first copies stay, and what it said is held against it',
    async tell(protocol) {
      const channel = await withBob(protocol, alters);
      await posts(channel, ['1', '2'], 'B');
      assert.deepEqual(channel.texts('bob'), ['1', '2']);
      assert.deepEqual(channel.divergences('bob'), ['B: lie 1', 'B: lie 2']);
      assert.deepEqual(channel.uncorroborated('bob'), []);
      assert.equal(kept(channel), 2);
      return channel.faults;
    },
  },
  {
    title: 'a relay alters and is the first: its word stays, alone, and every other relay contradicts it',
    async tell(protocol) {
      const channel = await withBob(protocol, alters);
      await posts(channel, ['1'], 'A', 'C');
      assert.deepEqual(channel.texts('bob'), ['lie 1']);
      assert.deepEqual(channel.uncorroborated('bob'), ['B: lie 1']);
      assert.deepEqual(channel.divergences('bob').sort(), ['A: 1', 'C: 1']);
      return channel.faults;
    },
  },
  {
    title: 'of two relays one alters: that they differ is seen, who is right is not',
    async tell(protocol) {
      const channel = await withBob(protocol, alters, ['A', 'B']);
      await posts(channel, ['1'], 'B');
      assert.deepEqual(channel.divergences('bob'), ['B: lie 1']);
      assert.deepEqual(channel.uncorroborated('bob'), ['A: 1']);
      return channel.faults;
    },
  },
  {
    title: 'a relay drops: nothing is missing, and with two relays what it dropped has one witness',
    async tell(protocol) {
      const channel = await withBob(protocol, (jobs) => jobs.slice(1), ['A', 'B']);
      await posts(channel, ['1', '2', '3']);
      assert.deepEqual(channel.texts('bob'), ['1', '2', '3']);
      assert.deepEqual(channel.divergences('bob'), []);
      assert.deepEqual(channel.uncorroborated('bob'), ['A: 1']);
      return channel.faults;
    },
  },
  {
    title: 'a relay reorders: everything comes once, in the order of whoever is first',
    async tell(protocol) {
      const channel = await withBob(protocol, (jobs) => [...jobs].reverse());
      await posts(channel, ['1', '2', '3'], 'B');
      await posts(channel, ['4', '5', '6'], 'A', 'C');
      assert.deepEqual(channel.texts('bob'), ['1', '2', '3', '6', '5', '4']);
      assert.deepEqual(channel.divergences('bob'), []);
      assert.deepEqual(channel.uncorroborated('bob'), []);
      return channel.faults;
    },
  },
  {
    title: 'a relay invents: its message is shown, and that nobody else brought it',
    async tell(protocol) {
      const channel = await withBob(protocol, (jobs) => [...jobs, invented(jobs[0], 'an invention')]);
      await posts(channel, ['1']);
      assert.deepEqual(channel.texts('bob').sort(), ['1', 'an invention']);
      assert.deepEqual(channel.uncorroborated('bob'), ['B: an invention']);
      assert.deepEqual(channel.divergences('bob'), []);
      return channel.faults;
    },
  },
  {
    title: 'a relay replays: the same bytes are shown once, other ones are held against it',
    async tell(protocol) {
      const seen: NewDeliveryJob[] = [];
      const channel = await withBob(protocol, (jobs) => {
        const replays = seen.map((job, n) => again(job, `${seen.length} ${n}`));
        seen.push(...jobs);
        return [...jobs, ...replays, ...jobs.map((job) => altered(again(job, 'otherwise'), 'a lie'))];
      });
      await posts(channel, ['1'], 'A', 'C');
      await posts(channel, ['2']);
      await posts(channel, ['3']);
      assert.deepEqual(channel.texts('bob'), ['1', '2', '3']);
      assert.deepEqual(channel.uncorroborated('bob'), []);
      assert.deepEqual(channel.divergences('bob'), ['B: a lie', 'B: a lie', 'B: a lie']);
      return channel.faults;
    },
  },
];
