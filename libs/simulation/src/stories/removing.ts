import assert from 'node:assert/strict';
import { dialogueOf, type Noun, type ProtocolName, protocolNames, statuses } from '@chat-relays/protocol';
import { idBytes } from '@chat-relays/wire';
import { Channel } from '../channel';
import { early } from './early';
import type { Telling } from './telling';

const over = ['Removing', 'Removed', 'Broken'];

/** Statuses that a relay passes through until it serves. */
export function statusesOnTheWay(protocol: ProtocolName, noun: Noun): string[] {
  return statuses(dialogueOf(protocol, noun)).filter((status) => !over.includes(status));
}

function inEachStatus(protocol: ProtocolName): Telling[] {
  return statusesOnTheWay(protocol, 'group_relay').map((status) => ({
    title: `a relay is removed while its owner has it in ${status}: it is listed no more, and told`,
    only: [protocol],
    async tell() {
      const channel = await Channel.with({ protocol, relays: ['A', 'B'] });
      await channel.begins();
      await channel.until(`A is ${status}`, () => channel.relayStatus('A') === status);
      assert.equal(await channel.removes('A'), 'moved');
      await channel.settle();
      assert.equal(channel.relayStatus('A'), 'Removed');
      assert.equal(channel.relayStatus('B'), 'Confirmed');
      // one that was about to look sees for itself that it is not listed, and one that was not asked yet never is
      const heard: unknown[] = status === 'New' ? [undefined] : ['Removed', 'Broken'];
      assert.ok(heard.includes(channel.relayOwnStatus('A')));
      assert.equal(channel.listed(), 1);
      assert.equal(channel.relayLinks(), 1);
      return channel.faults;
    },
  }));
}

/** The owner removes a relay that has not heard yet how its last message ended. */
function toldIn(protocol: ProtocolName): Telling[] {
  return given[protocol].map((status) => ({
    title: `a relay that is told in ${status} that it is removed deletes its link`,
    only: [protocol],
    async tell() {
      const channel = await Channel.with({ protocol, relays: ['A'] });
      await channel.begins();
      await channel.until(`A is ${status}`, () => channel.relayOwnStatus('A') === status);
      const [relay] = channel.recordsOf('A', 'relay_own');
      channel.sleep('owner');
      await early(channel, relay, 'x.grp.mem.del', {
        memberId: idBytes(String(relay.data['relayMemberId'])),
      });
      assert.equal(channel.relayOwnStatus('A'), 'Removed');
      await channel.settle();
      assert.equal(channel.relayLinks(), 0);
      return channel.faults;
    },
  }));
}

const given: Record<ProtocolName, readonly string[]> = {
  full: ['LinkCreated', 'Notified'],
  pooled: ['LinkCreated'],
  paired: ['LinkCreated'],
};

async function serving(protocol: ProtocolName, relays: string[], members: string[] = []): Promise<Channel> {
  const channel = await Channel.with({ protocol, relays, members });
  await channel.begins();
  await channel.settle();
  for (const member of members) await channel.joins(member);
  await channel.settle();
  return channel;
}

export const removing: readonly Telling[] = [
  ...protocolNames.flatMap(inEachStatus),
  ...protocolNames.flatMap(toldIn),
  {
    title:
      'scenario 1: a relay that is told deletes its link and tells its members, who stay with the others',
    async tell(protocol) {
      const channel = await serving(protocol, ['A', 'B'], ['bob']);
      await channel.removes('A');
      await channel.settle();
      assert.equal(channel.relayOwnStatus('A'), 'Removed');
      assert.equal(channel.relayLinks(), 1);
      const ways = channel.connections('bob');
      assert.equal(ways.filter((status) => status === 'Removed').length, ways.length / 2);
      assert.equal(channel.decided('x.grp.mem.del', 'moved'), 2);
      await channel.posts('after');
      await channel.settle();
      assert.deepEqual(channel.texts('bob'), ['after']);
      return channel.faults;
    },
  },
  {
    title:
      'scenario 2: a relay that cannot be told finds out the second time that it looks, and tells its members',
    async tell(protocol) {
      const channel = await serving(protocol, ['A', 'B'], ['bob']);
      await channel.checks('A');
      await channel.settle();
      channel.losesQueues('A', 'relay_own');
      await channel.removes('A');
      await channel.settle();
      assert.equal(channel.relayStatus('A'), 'Removed');
      assert.equal(channel.relayOwnStatus('A'), 'Confirmed');
      await channel.checks('A');
      await channel.settle();
      assert.equal(channel.relayOwnStatus('A'), 'Confirmed');
      await channel.checks('A');
      await channel.settle();
      assert.equal(channel.relayOwnStatus('A'), 'Removed');
      assert.equal(channel.relayLinks(), 1);
      assert.ok(channel.connections('bob').includes('Removed'));
      return channel.faults;
    },
  },
  {
    title: 'a relay that is listed again when it looks the second time goes on',
    async tell(protocol) {
      const channel = await serving(protocol, ['A'], []);
      await channel.checks('A');
      await channel.settle();
      channel.readsOldLink('A');
      await channel.checks('A');
      await channel.settle();
      const unlisted = () => channel.recordsOf('A', 'relay_own')[0].data['unlisted'];
      assert.equal(unlisted(), 1);
      await channel.checks('A');
      await channel.settle();
      assert.equal(unlisted(), 0);
      assert.equal(channel.relayOwnStatus('A'), 'Confirmed');
      return channel.faults;
    },
  },
  {
    title: 'a relay that its owner never lists gives up after some looks',
    only: ['full', 'paired'],
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A'] });
      await channel.begins();
      await channel.until('A was invited', () => channel.relayOwnStatus('A') === 'Invited');
      channel.sleep('owner');
      await channel.settle();
      for (let looks = 1; looks < 4; looks++) {
        await channel.checks('A');
        await channel.settle();
        assert.equal(channel.relayOwnStatus('A'), 'Accepted');
      }
      await channel.checks('A');
      await channel.settle();
      assert.equal(channel.relayOwnStatus('A'), 'Removed');
      assert.equal(channel.relayLinks(), 0);
      return channel.faults;
    },
  },
  {
    title: 'a relay that waits to be listed sees that it is, and that its owner had no time yet',
    only: ['full', 'paired'],
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A'] });
      await channel.begins();
      await channel.until('A is listed', () => channel.relayStatus('A') === 'Added');
      channel.sleep('owner');
      await channel.settle();
      assert.equal(channel.relayOwnStatus('A'), 'Accepted');
      await channel.checks('A');
      await channel.settle();
      assert.equal(channel.recordsOf('A', 'relay_own')[0].data['listedBefore'], true);
      channel.wake('owner');
      await channel.settle();
      assert.equal(channel.relayOwnStatus('A'), 'Confirmed');
      return channel.faults;
    },
  },
  {
    title: 'the last relay stays, unless its owner insists',
    async tell(protocol) {
      const channel = await serving(protocol, ['A', 'B']);
      assert.equal(await channel.removes('B'), 'moved');
      assert.equal(await channel.removes('A'), 'unmet');
      await channel.settle();
      assert.equal(channel.relayStatus('A'), 'Confirmed');
      assert.equal(await channel.removes('A', true), 'moved');
      await channel.settle();
      assert.equal(channel.relayStatus('A'), 'Removed');
      assert.equal(channel.listed(), 0);
      return channel.faults;
    },
  },
  {
    title: 'the last relay may go when its replacement is on the way, but not when that one broke',
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A', 'B'] });
      await channel.begins(['A']);
      await channel.settle();
      channel.refuse('owner', 'LGET');
      await channel.chooses('B');
      await channel.settle();
      assert.equal(channel.relayStatus('B'), 'Broken');
      assert.equal(await channel.removes('A'), 'unmet');
      channel.sleep('B');
      await channel.chooses('B');
      await channel.settle();
      assert.equal(await channel.removes('A'), 'moved');
      channel.wake('B');
      await channel.settle();
      assert.equal(channel.relayStatus('B'), 'Confirmed');
      assert.equal(channel.relayOwnStatus('A'), 'Removed');
      return channel.faults;
    },
  },
  {
    title: 'a relay that is removed before there is a link is never invited',
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A', 'B'] });
      await channel.begins();
      assert.equal(await channel.removes('A'), 'moved');
      await channel.settle();
      assert.equal(channel.relayStatus('A'), undefined);
      assert.equal(channel.relayStatus('B'), 'Confirmed');
      return channel.faults;
    },
  },
  {
    title: 'a relay that is broken is removed, and chosen again, and serves',
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A', 'B'] });
      await channel.begins(['B']);
      await channel.settle();
      channel.refuse('owner', 'LGET');
      await channel.chooses('A');
      await channel.settle();
      assert.equal(channel.relayStatus('A'), 'Broken');
      assert.equal(await channel.removes('A', true), 'moved');
      assert.equal(channel.relayStatus('A'), 'Removed');
      await channel.settle();
      await channel.chooses('A');
      await channel.settle();
      assert.equal(channel.relayStatus('A'), 'Confirmed');
      return channel.faults;
    },
  },
  {
    title: 'a relay that was removed is chosen again: a new link, and members come to it when they look',
    async tell(protocol) {
      const channel = await serving(protocol, ['A', 'B'], ['bob']);
      await channel.removes('A');
      await channel.settle();
      await channel.chooses('A');
      await channel.settle();
      assert.equal(channel.relayStatus('A'), 'Confirmed');
      assert.equal(channel.relayOwnStatus('A'), 'Confirmed');
      assert.equal(channel.listed(), 2);
      await channel.checks('bob');
      await channel.settle();
      const ways = channel.connections('bob');
      assert.equal(ways.filter((status) => status === 'Connected').length, (ways.length / 3) * 2);
      return channel.faults;
    },
  },
  {
    title: 'its owner finds that a relay is gone when it posts, and takes it off the list',
    async tell(protocol) {
      const channel = await serving(protocol, ['A', 'B'], ['bob']);
      channel.losesQueues('A', protocol === 'paired' ? 'owner_connection' : 'relay_own');
      await channel.posts('1');
      await channel.settle();
      assert.equal(channel.relayStatus('A'), 'Broken');
      assert.equal(channel.listed(), 1);
      assert.deepEqual(channel.texts('bob'), ['1']);
      return channel.faults;
    },
  },
  {
    title: 'a relay whose second connection to the owner is broken is removed all the same',
    only: ['paired'],
    async tell() {
      const channel = await Channel.with({ protocol: 'paired', relays: ['A'] });
      const connection = () => channel.recordsOf('A', 'owner_connection')[0]?.status;
      await channel.begins();
      await channel.until('A was asked', () => connection() === 'New');
      channel.refuse('A', 'NEW');
      await channel.until('it is broken', () => connection() === 'Broken');
      await channel.removes('A', true);
      await channel.settle();
      assert.equal(connection(), 'Removed');
      return channel.faults;
    },
  },
];
