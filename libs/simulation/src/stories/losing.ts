import assert from 'node:assert/strict';
import { connectionsOf, isBroadcast, type ProtocolName, protocolNames } from '@chat-relays/protocol';
import { Channel } from '../channel';
import type { Telling } from './telling';

const LOST = 'the SMP server has lost the queue: AUTH';

async function withBob(protocol: ProtocolName, relays: string[]): Promise<Channel> {
  const channel = await Channel.with({ protocol, relays, members: ['bob'] });
  await channel.begins();
  await channel.settle();
  await channel.joins('bob');
  await channel.posts('1');
  await channel.settle();
  return channel;
}

/** A client notices when it subscribes anew: its process started again, or its session was lost. */
async function notices(channel: Channel, process: string): Promise<void> {
  await channel.process(process).smp.resubscribe();
  await channel.settle();
}

async function loses(channel: Channel): Promise<void> {
  channel.losesQueues('bob', 'member_connection');
  await notices(channel, 'bob');
}

async function looks(channel: Channel): Promise<void> {
  await channel.checks('bob');
  await channel.settle();
}

const areAll = (channel: Channel, status: string): boolean =>
  channel.connections('bob').every((one) => one === status);

function lost(channel: Channel): string[] {
  return channel.world.observations.flatMap((one) =>
    one.what === 'lost' ? [`${one.noun} ${one.purpose}`] : [],
  );
}

/** In which the owner waits for a relay to say something, or might. */
const heeding: Record<ProtocolName, readonly string[]> = {
  full: ['Invited', 'Accepted', 'Added', 'Notified', 'Confirmed'],
  pooled: ['Invited', 'Accepted', 'Confirmed'],
  paired: ['Invited', 'Accepted', 'Added', 'Confirmed'],
};

function unheard(protocol: ProtocolName): Telling[] {
  return heeding[protocol].map((status) => ({
    title: `a relay whose answers are lost is broken in ${status}, listed no more, and serves when it is tried again`,
    only: [protocol],
    async tell() {
      const channel = await Channel.with({ protocol, relays: ['A', 'B'] });
      await channel.begins(['B']);
      await channel.settle();
      await channel.chooses('A');
      await channel.until(`A is ${status}`, () => channel.relayStatus('A') === status);
      channel.sleep('A');
      channel.sleep('owner', 'execute');
      const relays = channel.recordsOf('owner', 'group_relay');
      const { id } = relays.find(({ data }) => data['relayName'] === 'A')!;
      channel.losesQueues('owner', 'group_relay');
      await notices(channel, 'owner');
      channel.wake('owner');
      await channel.settle();
      const relay = channel.record('owner', { noun: 'group_relay', id })!;
      assert.deepEqual([relay.status, relay.data['reason']], ['Broken', LOST]);
      assert.equal(channel.listed(), 0);
      channel.wake('A');
      await channel.settle();
      for (const name of ['A', 'B']) await channel.retries(name);
      await channel.settle();
      assert.deepEqual([channel.relayStatus('A'), channel.relayStatus('B')], ['Confirmed', 'Confirmed']);
      assert.equal(channel.listed(), 2);
      assert.equal(channel.relayLinks(), 2);
      return channel.faults;
    },
  }));
}

/** Servers that have queues no more. */
export const losing: readonly Telling[] = [
  ...protocolNames.flatMap(unheard),
  {
    title:
      'a member whose queues were lost sees so, joins again when it looks, and what it missed is told as a gap',
    async tell(protocol) {
      const channel = await withBob(protocol, ['A', 'B']);
      channel.losesQueues('bob', 'member_connection');
      await channel.posts('2');
      await channel.settle();
      assert.ok(areAll(channel, 'Connected'));
      await channel.world.restart(channel.process('bob'));
      await channel.settle();
      assert.ok(areAll(channel, 'Broken'));
      const ways = channel.recordsOf('bob', 'member_connection');
      assert.ok(ways.every(({ data }) => data['reason'] === LOST));
      assert.deepEqual(
        lost(channel),
        ways.map(() => 'member_connection connection'),
      );
      await looks(channel);
      assert.ok(areAll(channel, 'Connected'));
      assert.deepEqual(channel.texts('bob'), ['1', '2']);
      const gaps = [...channel.process('bob').store.gaps.values()];
      assert.deepEqual(
        gaps.map((gap) => [channel.bringerOf(gap), gap.to, isBroadcast(gap.via)]),
        [
          ['A', undefined, true],
          ['B', undefined, true],
        ],
      );
      assert.ok(gaps.every(({ from, after }) => from > 1 && after > 0));
      await channel.posts('3');
      await channel.world.restart(channel.process('bob'));
      await channel.settle();
      assert.deepEqual(channel.texts('bob'), ['1', '2', '3']);
      assert.equal(channel.process('bob').store.gaps.size, 2);
      const { queues } = channel.world.servers.core('smp-members').snapshot();
      assert.equal(queues.length, 2 * connectionsOf(protocol).length);
      return channel.faults;
    },
  },
  {
    title: 'a member whose queue is lost before it was let in asks again when it looks',
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A'], members: ['bob'] });
      await channel.begins();
      await channel.settle();
      channel.sleep('A');
      await channel.joins('bob');
      await channel.settle();
      assert.ok(areAll(channel, 'Invited'));
      await loses(channel);
      assert.ok(areAll(channel, 'Broken'));
      channel.wake('A');
      await looks(channel);
      assert.ok(areAll(channel, 'Connected'));
      return channel.faults;
    },
  },
  {
    title: 'a server that loses everything again and again is asked for new queues ever more rarely',
    async tell(protocol) {
      const channel = await withBob(protocol, ['A']);
      const joined: number[] = [];
      await loses(channel);
      for (let look = 1; look <= 16; look++) {
        await looks(channel);
        if (!areAll(channel, 'Connected')) continue;
        joined.push(look);
        await loses(channel);
      }
      assert.deepEqual(joined, [1, 2, 4, 8, 16]);
      await channel.joins('bob');
      await channel.settle();
      assert.ok(areAll(channel, 'Connected'));
      return channel.faults;
    },
  },
  {
    title: 'a queue that was deleted, and whose deletion is not known yet, is not lost',
    async tell(protocol) {
      const channel = await withBob(protocol, ['A', 'B']);
      channel.faults.deaths.push('member.remove.notified.2b.DEL.after-execute');
      await channel.removes('A');
      await channel.settle();
      assert.deepEqual(channel.faults.deaths, []);
      assert.ok(lost(channel).length > 0);
      assert.ok(!channel.connections('bob').includes('Broken'));
      assert.equal(channel.process('bob').store.gaps.size, 0);
      return channel.faults;
    },
  },
  {
    title: 'a relay whose link is lost counts that, and goes on for the members that it has',
    async tell(protocol) {
      const channel = await withBob(protocol, ['A']);
      channel.losesQueues('A', 'relay_own', 'relay_link');
      channel.losesQueues('A', 'relay_address', 'relay_address');
      await notices(channel, 'A');
      assert.deepEqual(lost(channel), ['relay_address relay_address', 'relay_own relay_link']);
      await channel.posts('2');
      await channel.settle();
      assert.deepEqual(channel.texts('bob'), ['1', '2']);
      return channel.faults;
    },
  },
  {
    title: 'a relay whose link is lost has another one when it is removed and chosen again',
    async tell(protocol) {
      const channel = await withBob(protocol, ['A', 'B']);
      channel.losesQueues('A', 'relay_own', 'relay_link');
      await notices(channel, 'A');
      await channel.removes('A');
      await channel.settle();
      await channel.chooses('A');
      await channel.settle();
      await looks(channel);
      assert.equal(channel.relayStatus('A'), 'Confirmed');
      await channel.posts('2');
      await channel.settle();
      assert.deepEqual(channel.texts('bob'), ['1', '2']);
      const connected = channel.connections('bob').filter((status) => status === 'Connected');
      assert.equal(connected.length, 2 * connectionsOf(protocol).length);
      return channel.faults;
    },
  },
  {
    title: 'a link of the pool that is lost is made anew, and given to nobody',
    only: ['pooled'],
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A'], members: ['bob'], pool: 1 });
      channel.losesQueues('A', 'pool_link', 'relay_link');
      await notices(channel, 'A');
      const [{ status, attempt }] = channel.recordsOf('A', 'pool_link');
      assert.deepEqual([status, attempt], ['Ready', 2]);
      await channel.begins();
      await channel.settle();
      await channel.joins('bob');
      await channel.settle();
      assert.ok(areAll(channel, 'Connected'));
      assert.equal(channel.relayLinks(), 1);
      return channel.faults;
    },
  },
  ...['Invited', 'Connected'].map((status): Telling => ({
    title: `a relay whose second connection to the owner is lost in ${status} is broken until it is tried again`,
    only: ['paired'],
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A'] });
      const second = () => channel.recordsOf('owner', 'relay_connection')[0];
      await channel.begins();
      await channel.until(`it is ${status}`, () => second()?.status === status);
      channel.losesQueues('owner', 'relay_connection');
      await notices(channel, 'owner');
      assert.deepEqual([second().status, second().data['reason']], ['Broken', LOST]);
      assert.equal(channel.relayStatus('A'), 'Broken');
      assert.equal(channel.listed(), 0);
      await channel.retries('A');
      await channel.settle();
      assert.equal(channel.relayStatus('A'), 'Confirmed');
      return channel.faults;
    },
  })),
];
