import assert from 'node:assert/strict';
import { membershipId, memberConnectionId, type SagaRecord } from '@chat-relays/protocol';
import { textId } from '@chat-relays/wire';
import { Channel } from '../channel';
import { toyCrypto } from '../toy-crypto';
import { early } from './early';
import type { Telling } from './telling';

const only = ['paired'] as const;

async function serving(relays = ['A'], members: string[] = []): Promise<Channel> {
  const channel = await Channel.with({ protocol: 'paired', relays, members });
  await channel.begins();
  await channel.settle();
  return channel;
}

function way(
  channel: Channel,
  process: string,
  noun: 'relay_connection' | 'owner_connection' | 'priority_connection',
): SagaRecord {
  return channel.recordsOf(process, noun)[0];
}

/** Connects over A's link with what a member says, altered. */
async function asks(channel: Channel, relay: string, more: object): Promise<SagaRecord[]> {
  const { agent } = channel.process('mallory');
  const relayLink = channel.recordsOf(relay, 'relay_own')[0].data['relayLink'] as string;
  const seed = channel.world.random.bytes(32);
  const id = memberConnectionId(membershipId('mallory', channel.groupLink), relayLink, 'messages');
  await agent.tellAll([
    {
      ref: { noun: 'member_connection', id },
      identity: 'mallory',
      protocol: 'paired',
      event: {
        name: 'relay.listed',
        facts: {
          membershipId: membershipId('mallory', channel.groupLink),
          groupLink: channel.groupLink,
          relayLink,
          memberName: 'mallory',
          memberId: 'bWVtYmVyLTAwMDAwMDAwMQ',
          memberKey: textId(toyCrypto.keyPair('ed25519', seed).publicKey),
          memberSeed: textId(seed),
          publicGroupId: channel.recordsOf('owner', 'group')[0].data['publicGroupId'],
          protocol: 'paired',
          purpose: 'messages',
          ...more,
        },
      },
    },
  ]);
  await channel.settle();
  return channel.recordsOf(relay, 'group_member');
}

export const pairing: readonly Telling[] = [
  {
    title: 'a member is let in by the key that it proves to have, and by no other one',
    only,
    async tell() {
      const channel = await serving(['A'], ['mallory']);
      const memberSeed = textId(channel.world.random.bytes(32));
      assert.deepEqual(await asks(channel, 'A', { memberSeed }), []);
      assert.equal(channel.decided('x.member', 'unmet'), 1);
      const [{ status }] = channel.recordsOf('mallory', 'member_connection');
      assert.equal(status, 'Invited');
      return channel.faults;
    },
  },
  {
    title: 'what a member said to one relay cannot be said to another one by whoever saw it',
    only,
    async tell() {
      const channel = await serving(['A', 'B'], ['mallory']);
      const relayLink = channel.recordsOf('A', 'relay_own')[0].data['relayLink'];
      channel.sleep('mallory', 'execute');
      await asks(channel, 'B', {});
      // the words that are for A, on the way to B
      for (const { command } of channel.process('mallory').store.commands.values()) {
        const said = Buffer.from(command.body!).toString('latin1');
        const toB = String(channel.recordsOf('B', 'relay_own')[0].data['relayLink']);
        Object.assign(command, { body: Buffer.from(said.replace(toB, String(relayLink)), 'latin1') });
      }
      channel.wake('mallory');
      await channel.settle();
      assert.deepEqual(channel.refusals(), ['x.member: it was meant for another relay link']);
      assert.deepEqual(channel.membersOf('B'), []);
      return channel.faults;
    },
  },
  {
    title: 'x.ok outruns JOINED at the owner, and SENT at the relay',
    only,
    async tell() {
      const channel = await Channel.with({ protocol: 'paired', relays: ['A'] });
      await channel.begins();
      await channel.until(
        'the owner asks',
        () => way(channel, 'owner', 'relay_connection')?.status === 'New',
      );
      channel.loseReplyTo('owner', 'SEND');
      await channel.until('the request went out', () => channel.faults.lost === undefined);
      channel.sleep('owner');
      channel.loseReplyTo('A', 'SEND');
      await channel.until('A answered', () => channel.faults.lost === undefined);
      channel.sleep('A');
      const made = [...channel.process('A').store.sendQueues.values()].at(-1)!;
      assert.equal(way(channel, 'A', 'owner_connection').status, 'New');
      await early(channel, way(channel, 'A', 'owner_connection'), 'x.ok', {});
      assert.equal(way(channel, 'A', 'owner_connection').status, 'Connected');
      const peer = channel.senderSide('smp-relays');
      await early(channel, way(channel, 'owner', 'relay_connection'), 'x.ok', {}, peer);
      assert.equal(way(channel, 'owner', 'relay_connection').status, 'Connected');
      assert.ok(made);
      channel.wake('A');
      channel.wake('owner');
      await channel.settle();
      assert.equal(channel.relayStatus('A'), 'Confirmed');
      return channel.faults;
    },
  },
  {
    title: 'whoever comes over the relay link with another key than the owner has is refused',
    only,
    async tell() {
      const channel = await serving();
      const connection = way(channel, 'owner', 'relay_connection');
      const { agent } = channel.world.add('mallory', 'smp-owner');
      const seed = channel.world.random.bytes(32);
      await agent.tellAll([
        {
          ref: connection,
          identity: 'mallory',
          protocol: 'paired',
          event: {
            name: 'relay.added',
            facts: {
              ...connection.data,
              ownerSeed: textId(seed),
              ownerKey: textId(toyCrypto.keyPair('ed25519', seed).publicKey),
            },
          },
        },
      ]);
      const before = way(channel, 'A', 'owner_connection');
      await channel.settle();
      assert.deepEqual(channel.refusals(), ['x.contact: not from the owner of the group']);
      assert.deepEqual(way(channel, 'A', 'owner_connection'), before);
      return channel.faults;
    },
  },
  {
    title: 'a relay that gets the connection no answer is tried again with a new one',
    only,
    async tell() {
      const channel = await Channel.with({ protocol: 'paired', relays: ['A'] });
      await channel.begins();
      await channel.until(
        'the owner asks',
        () => way(channel, 'owner', 'relay_connection')?.status === 'New',
      );
      channel.sleep('A');
      await channel.settle();
      assert.equal(channel.relayStatus('A'), 'Added');
      await channel.retries('A');
      channel.wake('A');
      await channel.settle();
      assert.equal(channel.relayStatus('A'), 'Confirmed');
      assert.equal(way(channel, 'owner', 'relay_connection').status, 'Connected');
      assert.equal(way(channel, 'A', 'owner_connection').status, 'Connected');
      return channel.faults;
    },
  },
  {
    title: 'a relay link that could not be reached is reached when the relay is chosen again',
    only,
    async tell() {
      const channel = await Channel.with({ protocol: 'paired', relays: ['A'] });
      await channel.begins();
      await channel.until('A is listed', () => channel.relayStatus('A') === 'Added');
      channel.refuse('owner', 'LGET');
      await channel.settle();
      assert.equal(channel.relayStatus('A'), 'Broken');
      await channel.chooses('A');
      await channel.settle();
      assert.equal(channel.relayStatus('A'), 'Confirmed');
      return channel.faults;
    },
  },
  {
    title: 'a relay whose link could not be reached is removed, and its connection with it',
    only,
    async tell() {
      const channel = await Channel.with({ protocol: 'paired', relays: ['A', 'B'] });
      await channel.begins();
      await channel.until('A is listed', () => channel.relayStatus('A') === 'Added');
      channel.refuse('owner', 'LGET');
      await channel.until('A cannot be reached', () => channel.relayStatus('A') === 'Broken');
      await channel.removes('A', true);
      assert.equal(way(channel, 'owner', 'relay_connection').status, 'Removed');
      await channel.settle();
      assert.equal(channel.listed(), 1);
      return channel.faults;
    },
  },
  {
    title: 'each side waits for the other over the relay link: the owner invited, the relay accepted',
    only,
    async tell() {
      const channel = await Channel.with({ protocol: 'paired', relays: ['A'], members: ['bob'] });
      await channel.begins();
      await channel.until('A is listed', () => channel.relayStatus('A') === 'Added');
      channel.sleep('A');
      await channel.settle();
      assert.equal(way(channel, 'owner', 'relay_connection').status, 'Invited');
      channel.wake('A');
      channel.sleep('owner');
      await channel.settle();
      assert.equal(way(channel, 'A', 'owner_connection').status, 'Accepted');
      channel.wake('owner');
      await channel.settle();
      await channel.joins('bob');
      await channel.until(
        'bob asked twice',
        () => channel.recordsOf('A', 'priority_connection').length === 1,
      );
      channel.sleep('bob');
      await channel.settle();
      assert.equal(way(channel, 'A', 'priority_connection').status, 'Accepted');
      return channel.faults;
    },
  },
  {
    title: 'an owner that lost its queue before the relay answered is not connected',
    only,
    async tell() {
      const channel = await Channel.with({ protocol: 'paired', relays: ['A'] });
      await channel.begins();
      await channel.until('A is listed', () => channel.relayStatus('A') === 'Added');
      channel.sleep('A', 'execute');
      await channel.until('A was asked', () => way(channel, 'A', 'owner_connection')?.status === 'New');
      channel.losesQueues('owner', 'relay_connection');
      channel.wake('A');
      await channel.settle();
      assert.equal(way(channel, 'A', 'owner_connection').status, 'Broken');
      return channel.faults;
    },
  },
  {
    title: 'a member whose second connection failed has both when it joins again',
    only,
    async tell() {
      const channel = await serving(['A'], ['bob']);
      await channel.joins('bob');
      await channel.until('bob asked once', () => channel.connections('bob').includes('Invited'));
      channel.refuse('bob', 'LGET');
      await channel.settle();
      assert.deepEqual(channel.connections('bob'), ['Connected', 'Broken']);
      await channel.joins('bob');
      await channel.settle();
      assert.deepEqual(channel.connections('bob'), ['Connected', 'Connected']);
      return channel.faults;
    },
  },
  {
    title: 'an owner that asks again before it is answered is answered where it asked last',
    only,
    async tell() {
      const channel = await Channel.with({ protocol: 'paired', relays: ['A'] });
      await channel.begins();
      channel.loseReplyTo('A', 'SEND');
      await channel.until('A was asked', () => way(channel, 'A', 'owner_connection')?.status === 'New');
      const asked = way(channel, 'A', 'owner_connection');
      await early(channel, asked, 'x.contact', {
        ...asked.data,
        linked: true,
        replyTo: 'another queue',
        attempt: 2,
      });
      assert.equal(way(channel, 'A', 'owner_connection').attempt, 2);
      await channel.settle();
      assert.equal(channel.relayStatus('A'), 'Confirmed');
      return channel.faults;
    },
  },
];
