import assert from 'node:assert/strict';
import { newId, type Agent } from '@chat-relays/agent';
import { type ProtocolName, protocolNames, refKey, type SagaRecord } from '@chat-relays/protocol';
import { textId } from '@chat-relays/wire';
import { Channel } from '../channel';
import { toyCrypto } from '../toy-crypto';
import { early } from './early';
import { statusesOnTheWay } from './removing';
import type { Telling } from './telling';

/** Somebody with a key of his own invites a relay into the group of another owner. */
async function invites(channel: Channel, relay: string, more: object = {}): Promise<() => SagaRecord> {
  const { agent, store } = channel.world.add('mallory', 'smp-owner');
  const ref = { noun: 'group_relay', id: `stolen/${relay}` } as const;
  const seed = channel.world.random.bytes(32);
  const [group] = channel.recordsOf('owner', 'group');
  const facts = {
    ...group.data,
    groupId: 'stolen',
    owner: 'mallory',
    ownerMemberId: newId(channel.world.random.bytes(12)).text,
    ownerSeed: textId(seed),
    ownerKey: textId(toyCrypto.keyPair('ed25519', seed).publicKey),
    relayName: relay,
    relayAddress: channel.record(relay, { noun: 'relay_address', id: relay })!.data['address'],
    relayMemberId: newId(channel.world.random.bytes(12)).text,
    ...more,
  };
  await tells(agent, ref, 'relay.chosen', facts, channel.protocol);
  return () => store.records.get(refKey(ref))!;
}

async function tells(
  agent: Agent,
  ref: Pick<SagaRecord, 'noun' | 'id'>,
  name: string,
  facts: object,
  protocol: ProtocolName,
): Promise<void> {
  await agent.tellAll([{ ref, identity: 'mallory', protocol, event: { name, facts } }]);
}

/** A relay may say no at any time before it serves, and where it serves unasked even then. */
function refusedIn(protocol: ProtocolName): Telling[] {
  const statuses = statusesOnTheWay(protocol, 'group_relay').filter(
    (status) => protocol === 'pooled' || status !== 'Confirmed',
  );
  return statuses.map((status) => ({
    title: `a relay refuses while its owner has it in ${status}: it is broken, and not listed`,
    only: [protocol],
    async tell() {
      const channel = await Channel.with({ protocol, relays: ['A'] });
      await channel.begins();
      await channel.until(`A is ${status}`, () => channel.relayStatus('A') === status);
      await early(channel, channel.recordsOf('owner', 'group_relay')[0], 'x.grp.relay.reject', {
        reason: 'it is full',
      });
      assert.equal(channel.relayStatus('A'), 'Broken');
      await channel.settle();
      assert.equal(channel.listed(), 0);
      assert.equal(
        channel.recordsOf('owner', 'group_relay')[0].data['reason'],
        'the relay refused: it is full',
      );
      return channel.faults;
    },
  }));
}

const notNamed = 'the group link does not name who invited';

export const refusing: readonly Telling[] = [
  ...protocolNames.flatMap(refusedIn),
  {
    title: 'a relay takes no part in a group whose link does not name who invited',
    only: ['pooled', 'paired'],
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A'] });
      await channel.begins([]);
      await channel.settle();
      const stolen = await invites(channel, 'A');
      await channel.settle();
      assert.equal(channel.relayOwnStatus('A'), 'Broken');
      assert.equal(channel.recordsOf('A', 'relay_own')[0].data['reason'], notNamed);
      assert.equal(channel.relayLinks(), 0);
      assert.equal(stolen().status, 'Broken');
      await channel.chooses('A');
      await channel.settle();
      assert.equal(channel.relayStatus('A'), 'Confirmed');
      return channel.faults;
    },
  },
  {
    title: 'a relay that is told that it is listed looks, and refuses whom the link does not name',
    only: ['full'],
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A'] });
      await channel.begins([]);
      await channel.settle();
      const stolen = await invites(channel, 'A');
      await channel.settle();
      const groupProfile = { displayName: 'news', fullName: '' };
      await early(channel, channel.recordsOf('A', 'relay_own')[0], 'x.grp.info', { groupProfile });
      await channel.settle();
      assert.equal(channel.recordsOf('A', 'relay_own')[0].data['reason'], notNamed);
      assert.equal(channel.relayLinks(), 0);
      assert.equal(stolen().status, 'Broken');
      return channel.faults;
    },
  },
  {
    title: 'a relay that is told that it is listed, and is not, refuses',
    only: ['full'],
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A'] });
      await channel.begins();
      channel.readsOldLink('A');
      await channel.settle();
      assert.equal(channel.relayOwnStatus('A'), 'Broken');
      assert.equal(channel.relayStatus('A'), 'Broken');
      assert.equal(channel.relayLinks(), 0);
      assert.equal(channel.listed(), 0);
      return channel.faults;
    },
  },
  {
    title: 'whoever is not the owner that the link names cannot invite a relay that serves',
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A'] });
      await channel.begins();
      await channel.settle();
      await channel.checks('A');
      await channel.settle();
      const [before] = channel.recordsOf('A', 'relay_own');
      const stolen = await invites(channel, 'A');
      await channel.settle();
      assert.deepEqual(channel.recordsOf('A', 'relay_own'), [before]);
      assert.equal(stolen().status, 'Invited');
      return channel.faults;
    },
  },
  {
    title: 'an invitation that was meant for another relay is refused, and so is one with a false signature',
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A', 'B'] });
      await channel.begins([]);
      await channel.settle();
      const [group] = channel.recordsOf('owner', 'group');
      const { ownerKey } = group.data;
      const stolen = await invites(channel, 'A', { ownerKey });
      await channel.settle();
      assert.equal(stolen().status, 'Invited');
      assert.deepEqual(channel.refusals(), ['x.grp.relay.inv: not signed with the key that it names']);
      assert.equal(channel.relayOwnStatus('A'), undefined);
      return channel.faults;
    },
  },
  {
    title: 'a relay serves no group of which the profile is another one',
    only: ['paired'],
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A'] });
      await channel.begins([]);
      await channel.settle();
      const publicGroupId = textId(channel.world.random.bytes(32));
      const [group] = channel.recordsOf('owner', 'group');
      const { owner, ownerMemberId, ownerSeed, ownerKey } = group.data;
      const stolen = await invites(channel, 'A', {
        owner,
        ownerMemberId,
        ownerSeed,
        ownerKey,
        publicGroupId,
      });
      await channel.settle();
      assert.equal(channel.relayOwnStatus('A'), 'Broken');
      assert.equal(
        stolen().data['reason'],
        'the relay refused: the invitation names another group than its link',
      );
      return channel.faults;
    },
  },
];
