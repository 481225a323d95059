import assert from 'node:assert/strict';
import { type ProtocolName, protocolNames } from '@chat-relays/protocol';
import { Channel } from '../channel';
import { statusesOnTheWay } from './removing';
import type { Telling } from './telling';

/** The owner hears nothing of the relay, which stands in `status`, and tries again. */
function invitedAgain(protocol: ProtocolName): Telling[] {
  return statusesOnTheWay(protocol, 'relay_own').map((status) => ({
    title: `a relay that is invited again in ${status} answers again, with one link`,
    only: [protocol],
    async tell() {
      const channel = await Channel.with({ protocol, relays: ['A'], pool: 0 });
      await channel.begins();
      await channel.until(`A is ${status}`, () => channel.relayOwnStatus('A') === status);
      channel.sleep('A', 'execute');
      channel.sleep('owner', 'receive');
      await channel.settle();
      assert.equal(channel.relayOwnStatus('A'), status);
      await channel.retries('A');
      await channel.settle();
      channel.wake('A');
      channel.wake('owner');
      await channel.settle();
      assert.equal(channel.relayStatus('A'), 'Confirmed');
      assert.equal(channel.relayOwnStatus('A'), 'Confirmed');
      assert.equal(channel.relayLinks(), 1);
      assert.equal(channel.listed(), 1);
      return channel.faults;
    },
  }));
}

export const retrying: readonly Telling[] = [
  ...protocolNames.flatMap(invitedAgain),
  {
    title: 'a silent relay is tried again: what it answers to the attempt before counts no more',
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A'] });
      channel.sleep('A');
      await channel.begins();
      await channel.settle();
      assert.equal(channel.relayStatus('A'), 'Invited');
      channel.sleep('owner', 'receive');
      channel.wake('A');
      await channel.settle();
      await channel.retries('A');
      channel.wake('owner');
      await channel.settle();
      assert.equal(channel.recordsOf('owner', 'group_relay')[0].attempt, 2);
      assert.equal(channel.decided('x.grp.relay.acpt', 'moved'), 1);
      assert.equal(channel.relayStatus('A'), 'Confirmed');
      assert.equal(channel.relayLinks(), 1);
      return channel.faults;
    },
  },
  {
    title: 'a relay that falls silent after it was notified is tried again, and off the link meanwhile',
    only: ['full'],
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A'] });
      await channel.begins();
      await channel.until('A accepted', () => channel.relayOwnStatus('A') === 'Accepted');
      channel.sleep('A');
      await channel.settle();
      assert.equal(channel.relayStatus('A'), 'Notified');
      await channel.retries('A');
      await channel.settle();
      assert.equal(channel.relayStatus('A'), 'Invited');
      assert.equal(channel.listed(), 0);
      channel.wake('A');
      await channel.settle();
      assert.equal(channel.recordsOf('owner', 'group_relay')[0].attempt, 2);
      assert.equal(channel.relayStatus('A'), 'Confirmed');
      return channel.faults;
    },
  },
  {
    title: 'a relay that does not answer over its own link is tried again, and off the group link meanwhile',
    only: ['paired'],
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A'] });
      await channel.begins();
      await channel.until('A accepted', () => channel.relayOwnStatus('A') === 'Accepted');
      channel.sleep('A');
      await channel.settle();
      assert.equal(channel.relayStatus('A'), 'Added');
      await channel.retries('A');
      await channel.settle();
      assert.equal(channel.relayStatus('A'), 'Invited');
      assert.equal(channel.listed(), 0);
      channel.wake('A');
      await channel.settle();
      assert.equal(channel.relayStatus('A'), 'Confirmed');
      return channel.faults;
    },
  },
  {
    title: 'a relay that broke is tried again',
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A'] });
      channel.refuse('owner', 'LGET');
      await channel.begins();
      await channel.settle();
      assert.equal(channel.relayStatus('A'), 'Broken');
      await channel.retries('A');
      await channel.settle();
      assert.equal(channel.relayStatus('A'), 'Confirmed');
      return channel.faults;
    },
  },
  {
    title: 'a relay that serves is not tried again',
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A'] });
      await channel.begins();
      await channel.settle();
      await channel.retries('A');
      await channel.settle();
      assert.equal(channel.recordsOf('owner', 'group_relay')[0].attempt, 1);
      assert.equal(channel.relayStatus('A'), 'Confirmed');
      return channel.faults;
    },
  },
  {
    title: 'a relay that is removed before it answers is told so when it accepts too late',
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A', 'B'] });
      channel.sleep('A');
      await channel.begins();
      await channel.settle();
      assert.equal(await channel.removes('A'), 'moved');
      assert.equal(channel.relayStatus('A'), 'Removed');
      channel.wake('A');
      await channel.until('A accepts', () => channel.relayStatus('A') === 'Removing');
      await channel.settle();
      assert.equal(channel.relayStatus('A'), 'Removed');
      assert.equal(channel.relayOwnStatus('A'), 'Removed');
      assert.equal(channel.listed(), 1);
      return channel.faults;
    },
  },
  {
    title: 'a relay that is tried again while its connection is asked for is asked for it once more',
    only: ['paired'],
    async tell() {
      const channel = await Channel.with({ protocol: 'paired', relays: ['A'] });
      await channel.begins();
      const connection = () => channel.recordsOf('owner', 'relay_connection')[0];
      await channel.until('the owner asks', () => connection()?.status === 'New');
      channel.loseReplyTo('owner', 'SEND');
      await channel.until('the request went out', () => channel.faults.lost === undefined);
      await channel.retries('A');
      await channel.settle();
      assert.equal(channel.decided('relay.added', 'moved'), 2);
      assert.deepEqual([channel.relayStatus('A'), connection().status], ['Confirmed', 'Connected']);
      return channel.faults;
    },
  },
];
