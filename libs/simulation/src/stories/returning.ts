import assert from 'node:assert/strict';
import type { ProtocolName } from '@chat-relays/protocol';
import { idBytes } from '@chat-relays/wire';
import { Channel } from '../channel';
import { early } from './early';
import type { Telling } from './telling';

/** A removes itself, because it reads a link twice that does not list it; its owner finds out, and tries it again. */
async function removesItself(channel: Channel): Promise<void> {
  await channel.checks('A');
  await channel.settle();
  for (let looks = 1; looks <= 2; looks++) {
    channel.readsOldLink('A');
    await channel.checks('A');
    await channel.settle();
  }
  assert.equal(channel.relayOwnStatus('A'), 'Removed');
  await channel.posts('while A is away');
  await channel.settle();
  assert.equal(channel.relayStatus('A'), 'Broken');
}

async function serving(protocol: ProtocolName, members: string[]): Promise<Channel> {
  const channel = await Channel.with({ protocol, relays: ['A', 'B'], members });
  await channel.begins();
  await channel.settle();
  return channel;
}

const areConnected = (channel: Channel, member: string): boolean =>
  channel.connections(member).every((status) => status === 'Connected');

/** Relays that serve again, and those that their owner wants no more. */
export const returning: readonly Telling[] = [
  {
    title: 'trying a removed relay again changes nothing: the last one stays, and nobody is brought back',
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A', 'B', 'C'] });
      await channel.begins(['A', 'B']);
      await channel.settle();
      await channel.removes('A');
      await channel.settle();
      await channel.retries('A');
      await channel.settle();
      assert.equal(channel.relayStatus('A'), 'Removed');
      assert.equal(await channel.removes('B'), 'unmet');
      await channel.chooses('C');
      await channel.settle();
      assert.equal(channel.relayStatus('A'), 'Removed');
      assert.equal(channel.listed(), 2);
      return channel.faults;
    },
  },
  {
    title: 'a broken relay is no replacement for the last one until it is tried again',
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A', 'B', 'C'] });
      await channel.begins(['A']);
      await channel.settle();
      channel.refuse('owner', 'LGET');
      await channel.chooses('B');
      await channel.settle();
      assert.equal(channel.relayStatus('B'), 'Broken');
      assert.equal(await channel.removes('A'), 'unmet');
      await channel.chooses('C');
      await channel.settle();
      assert.equal(channel.relayStatus('B'), 'Broken');
      await channel.removes('C');
      channel.sleep('B');
      await channel.retries('B');
      assert.equal(await channel.removes('A'), 'moved');
      channel.wake('B');
      await channel.settle();
      assert.equal(channel.relayStatus('B'), 'Confirmed');
      assert.equal(await channel.removes('B'), 'unmet');
      return channel.faults;
    },
  },
  {
    title: 'a relay that is chosen again while it is being removed serves in the end',
    async tell(protocol) {
      const channel = await serving(protocol, ['bob']);
      await channel.joins('bob');
      await channel.settle();
      channel.sleep('owner', 'execute');
      await channel.removes('A');
      await channel.until('A is being removed', () => channel.relayStatus('A') === 'Removing');
      await channel.chooses('A');
      assert.equal(channel.relayStatus('A'), 'New');
      channel.wake('owner');
      await channel.settle();
      assert.equal(channel.relayStatus('A'), 'Confirmed');
      assert.equal(channel.relayOwnStatus('A'), 'Confirmed');
      assert.equal(channel.listed(), 2);
      await channel.checks('bob');
      await channel.posts('1');
      await channel.settle();
      assert.deepEqual(channel.texts('bob'), ['1']);
      return channel.faults;
    },
  },
  {
    title: 'a relay that is chosen again after it broke is known to its members by the same id',
    async tell(protocol) {
      const channel = await serving(protocol, ['bob']);
      await channel.joins('bob');
      await channel.settle();
      channel.losesQueues('A', protocol === 'paired' ? 'owner_connection' : 'relay_own');
      await channel.posts('1');
      await channel.settle();
      assert.equal(channel.relayStatus('A'), 'Broken');
      await channel.chooses('A');
      await channel.settle();
      assert.equal(channel.relayOwnStatus('A'), 'Confirmed');
      await channel.removes('A');
      await channel.settle();
      const ways = channel.connections('bob');
      assert.equal(ways.filter((status) => status === 'Removed').length, ways.length / 2);
      return channel.faults;
    },
  },
  {
    title: 'a relay that was removed answers nobody who comes over its link while that is there yet',
    only: ['paired'],
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A'] });
      await channel.begins();
      await channel.until('A is listed', () => channel.relayStatus('A') === 'Added');
      channel.sleep('A');
      await channel.settle();
      const [relay] = channel.recordsOf('A', 'relay_own');
      await early(channel, relay, 'x.grp.mem.del', {
        memberId: idBytes(String(relay.data['relayMemberId'])),
      });
      channel.wake('A');
      channel.sleep('A', 'execute');
      await channel.settle();
      assert.equal(channel.relayOwnStatus('A'), 'Removed');
      assert.equal(channel.decided('x.contact', 'unmet'), 1);
      channel.wake('A');
      await channel.settle();
      assert.equal(channel.relayStatus('A'), 'Added');
      assert.deepEqual(channel.recordsOf('A', 'owner_connection'), []);
      assert.equal(channel.relayLinks(), 0);
      return channel.faults;
    },
  },
  {
    title: 'a relay that served and was removed does not connect with its owner again',
    only: ['paired'],
    async tell(protocol) {
      const channel = await serving(protocol, []);
      await channel.removes('A');
      await channel.settle();
      const connection = () => channel.recordsOf('A', 'owner_connection')[0];
      const asks = (linked: boolean) => ({
        ...connection().data,
        linked,
        replyTo: 'another queue',
        attempt: 9,
      });
      assert.equal(connection().status, 'Removed');
      await early(channel, connection(), 'x.contact', asks(false));
      assert.equal(connection().status, 'Removed');
      await early(channel, connection(), 'x.contact', asks(true));
      assert.equal(connection().status, 'New');
      return channel.faults;
    },
  },
  {
    title: 'what was not connected yet is not connected any more',
    only: ['paired'],
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A'] });
      await channel.begins();
      await channel.until(
        'the owner asks',
        () => channel.recordsOf('owner', 'relay_connection')[0]?.status === 'New',
      );
      await early(channel, channel.recordsOf('owner', 'relay_connection')[0], 'relay.removed', {});
      assert.equal(channel.recordsOf('owner', 'relay_connection')[0].status, 'Removed');
      channel.loseReplyTo('A', 'SEND');
      await channel.until(
        'A was asked',
        () => channel.recordsOf('A', 'owner_connection')[0]?.status === 'New',
      );
      await early(channel, channel.recordsOf('A', 'owner_connection')[0], 'owner.removed', {});
      assert.equal(channel.recordsOf('A', 'owner_connection')[0].status, 'Removed');
      await channel.settle();
      return channel.faults;
    },
  },
  {
    title: 'a relay that is added again before its owner has connected over its link is connected once',
    only: ['paired'],
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A'] });
      await channel.begins();
      const connection = () => channel.recordsOf('owner', 'relay_connection')[0];
      await channel.until('the owner asks', () => connection()?.status === 'New');
      await early(channel, connection(), 'relay.added', connection().data);
      assert.equal(connection().attempt, 2);
      await channel.settle();
      assert.equal(connection().status, 'Connected');
      assert.equal(channel.relayStatus('A'), 'Confirmed');
      return channel.faults;
    },
  },
  {
    title: 'a relay that removed itself serves again, and does not send its new members away',
    async tell(protocol) {
      const channel = await serving(protocol, ['bob', 'carol']);
      await channel.joins('bob');
      await channel.settle();
      await removesItself(channel);
      assert.ok(!areConnected(channel, 'bob'));
      await channel.retries('A');
      await channel.settle();
      assert.equal(channel.relayOwnStatus('A'), 'Confirmed');
      await channel.joins('carol');
      await channel.settle();
      assert.ok(areConnected(channel, 'carol'));
      await channel.checks('bob');
      await channel.posts('A is back');
      await channel.settle();
      assert.deepEqual(channel.texts('carol').sort(), ['A is back', 'while A is away']);
      assert.deepEqual(channel.texts('bob'), ['while A is away', 'A is back']);
      return channel.faults;
    },
  },
  {
    title: 'a relay that serves again takes back the word that it could not pass on before',
    async tell(protocol) {
      const channel = await serving(protocol, ['bob', 'carol']);
      await channel.joins('bob');
      await channel.settle();
      channel.sleep('A', 'deliver');
      await removesItself(channel);
      assert.ok(areConnected(channel, 'bob'));
      await channel.retries('A');
      await channel.settle();
      await channel.joins('carol');
      await channel.settle();
      channel.wake('A');
      await channel.settle();
      assert.equal(channel.decided('x.grp.mem.del', 'moved'), 0);
      assert.ok(areConnected(channel, 'carol'));
      // who was not told finds out by looking
      for (const _ of ['once', 'twice']) {
        await channel.checks('bob');
        await channel.settle();
      }
      const ways = channel.connections('bob');
      assert.equal(ways.filter((status) => status === 'Connected').length, (ways.length / 3) * 2);
      return channel.faults;
    },
  },
];
