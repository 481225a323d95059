import assert from 'node:assert/strict';
import type { ProtocolName, SagaRecord } from '@chat-relays/protocol';
import { Channel } from '../channel';
import { saving } from '../faults/sabotage';
import type { Telling } from './telling';

/** As relays of 0.3: what it said of its removal stays, and goes to all who come later, although it serves again. */
const unforgetting = saving((changes) => ({
  ...changes,
  withdrawn: [],
  commands: changes.commands.filter(({ kind }) => kind !== 'CLEAN'),
}));

/** bob is in, and has found A, which was removed and serves again, and tells him each time that it is removed. */
async function told(protocol: ProtocolName): Promise<Channel> {
  const channel = await Channel.with({
    protocol,
    relays: ['A', 'B'],
    members: ['bob'],
    sabotage: (ports, process) => (process === 'A' ? unforgetting(ports, process) : ports),
  });
  await channel.begins();
  await channel.settle();
  await channel.joins('bob');
  await channel.settle();
  await channel.removes('A');
  await channel.settle();
  await channel.chooses('A');
  await channel.settle();
  await looks(channel);
  return channel;
}

async function looks(channel: Channel): Promise<void> {
  await channel.checks('bob');
  await channel.settle();
}

/** bob's connection with A as it serves now; where there are two, they go together. */
function withA(channel: Channel): SagaRecord {
  const link = channel.recordsOf('A', 'relay_own')[0].data['relayLink'];
  const [one, ...others] = channel
    .recordsOf('bob', 'member_connection')
    .filter(({ data }) => data['relayLink'] === link);
  const paceOf = ({ status, attempt, data: { lapses, waits } }: SagaRecord) => ({
    status,
    attempt,
    lapses,
    waits,
  });
  for (const other of others) assert.deepEqual(paceOf(other), paceOf(one));
  return one;
}

/** In which of so many looks bob joined A again. */
async function joinsIn(channel: Channel, times: number): Promise<number[]> {
  const joined: number[] = [];
  for (let look = 1; look <= times; look++) {
    const { attempt } = withA(channel);
    await looks(channel);
    if (withA(channel).attempt > attempt) joined.push(look);
  }
  return joined;
}

/** How often a member comes back to a relay that says that it is removed, or to a server that loses queues. */
export const pacing: readonly Telling[] = [
  {
    title: 'a relay that always says that it is removed is joined ever more rarely, and after restarts, too',
    async tell(protocol) {
      const channel = await told(protocol);
      assert.deepEqual([withA(channel).status, withA(channel).attempt], ['Removed', 2]);
      assert.deepEqual(await joinsIn(channel, 8), [1, 3, 7]);
      await channel.world.restart(channel.process('bob'));
      await channel.settle();
      assert.deepEqual(await joinsIn(channel, 14), [7]);
      // at last once in 32 looks
      assert.deepEqual(await joinsIn(channel, 9 + 3 * 32), [9, 9 + 32, 9 + 64, 9 + 96]);
      await channel.posts('1');
      await channel.settle();
      assert.deepEqual(channel.texts('bob'), ['1']);
      return channel.faults;
    },
  },
  {
    title: 'a member that wishes so joins at once, also while it is looking',
    async tell(protocol) {
      const channel = await told(protocol);
      await joinsIn(channel, 3);
      const { attempt } = withA(channel);
      await channel.joins('bob');
      await channel.settle();
      assert.equal(withA(channel).attempt, attempt + 1);
      await channel.checks('bob');
      await channel.joins('bob');
      await channel.settle();
      assert.equal(withA(channel).attempt, attempt + 2);
      return channel.faults;
    },
  },
  {
    title: 'what another relay says of its removal is no reason to join one that a member waits for',
    async tell(protocol) {
      const channel = await told(protocol);
      await joinsIn(channel, 3);
      const { attempt } = withA(channel);
      await channel.removes('B');
      await channel.settle();
      assert.equal(withA(channel).attempt, attempt);
      return channel.faults;
    },
  },
  ...['NoRelays', 'Broken'].map((status): Telling => ({
    title: `a member that is ${status} because nobody is listed looks when its relay says that it is removed`,
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A'], members: ['bob'] });
      await channel.begins();
      await channel.settle();
      await channel.joins('bob');
      await channel.settle();
      channel.sleep('A', 'deliver');
      // or it would not wait for bob for so long
      channel.sleep('A', 'execute');
      await channel.removes('A', true);
      await channel.settle();
      await looks(channel);
      if (status === 'Broken') channel.refuse('bob', 'LGET');
      await looks(channel);
      const membership = () => channel.record('bob', channel.membership('bob'))!;
      assert.equal(membership().status, status);
      channel.wake('A');
      await channel.settle();
      assert.equal(membership().status, 'NoRelays');
      assert.ok(channel.connections('bob').every((one) => one === 'Removed'));
      return channel.faults;
    },
  })),
  {
    title: 'a relay that kept a member for a while is joined at once when it says that it is removed',
    async tell(protocol) {
      const channel = await told(protocol);
      await joinsIn(channel, 1);
      assert.equal(withA(channel).data['lapses'], 3);
      // it has stopped saying so
      const { deliveries } = channel.process('A');
      for (const job of deliveries.jobs) if (job.key.includes('x.grp.mem.del')) job.status = 'Withdrawn';
      assert.deepEqual(await joinsIn(channel, 5), [2]);
      assert.equal(withA(channel).status, 'Connected');
      assert.equal(withA(channel).data['lapses'], 0);
      return channel.faults;
    },
  },
];
