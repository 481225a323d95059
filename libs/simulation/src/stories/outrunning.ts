import assert from 'node:assert/strict';
import type { PeerQueue } from '@chat-relays/agent';
import type { ConnectionPurpose } from '@chat-relays/protocol';
import { Channel } from '../channel';
import { idBytes } from '@chat-relays/wire';
import { early } from './early';
import type { Telling } from './telling';

export const outrunning: readonly Telling[] = [
  {
    title: 'x.grp.relay.acpt outruns JOINED',
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A'] });
      await channel.begins();
      channel.loseReplyTo('owner', 'SEND');
      await channel.until('the invitation went out', () => channel.faults.lost === undefined);
      channel.sleep('owner');
      await channel.settle();
      assert.equal(channel.relayStatus('A'), 'New');
      const [relay] = channel.recordsOf('owner', 'group_relay');
      const { relayLink } = channel.recordsOf('A', 'relay_own')[0].data;
      await early(channel, relay, 'x.grp.relay.acpt', { relayLink }, queueAt(channel, 'A', 'smp-relays'));
      assert.equal(channel.relayStatus('A'), 'Accepted');
      channel.wake('owner');
      await channel.settle();
      assert.equal(channel.relayStatus('A'), 'Confirmed');
      assert.equal(channel.relayOwnStatus('A'), 'Confirmed');
      return channel.faults;
    },
  },
  {
    title: 'x.ok and x.grp.info outrun SENT',
    only: ['full'],
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A'] });
      await channel.begins();
      await channel.until('A made its link', () => channel.relayOwnStatus('A') === 'LinkCreated');
      channel.loseReplyTo('A', 'SEND');
      await channel.until('the acceptance went out', () => channel.faults.lost === undefined);
      channel.sleep('A');
      await channel.until('the owner notified A', () => channel.relayStatus('A') === 'Notified');
      assert.equal(channel.relayOwnStatus('A'), 'LinkCreated');
      const [relay] = channel.recordsOf('A', 'relay_own');
      const groupProfile = { displayName: 'news', fullName: '' };
      await early(channel, relay, 'x.grp.info', { groupProfile });
      assert.equal(channel.relayOwnStatus('A'), 'Notified');
      channel.wake('A');
      await channel.settle();
      assert.equal(channel.relayOwnStatus('A'), 'Confirmed');
      assert.equal(channel.relayStatus('A'), 'Confirmed');
      return channel.faults;
    },
  },
  {
    title: 'x.ok alone outruns SENT: the relay is accepted by it',
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A'] });
      await channel.begins();
      await channel.until('A made its link', () => channel.relayOwnStatus('A') === 'LinkCreated');
      channel.sleep('A', 'execute');
      await early(channel, channel.recordsOf('A', 'relay_own')[0], 'x.ok', {});
      assert.equal(channel.relayOwnStatus('A'), protocol === 'pooled' ? 'Confirmed' : 'Accepted');
      channel.wake('A');
      await channel.settle();
      assert.equal(channel.relayStatus('A'), 'Confirmed');
      return channel.faults;
    },
  },
  joinOutruns('messages'),
  joinOutruns('priority'),
];

function joinOutruns(purpose: ConnectionPurpose): Telling {
  return {
    title: `x.grp.link.inv outruns JOINED, x.ok outruns SENT (${purpose})`,
    ...(purpose === 'priority' && { only: ['paired'] as const }),
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A'], members: ['bob'] });
      await channel.begins();
      await channel.settle();
      channel.sleep('A');
      await channel.joins('bob');
      const first = purpose === 'messages' ? 'New' : 'Invited';
      await channel.until('it is its turn', () => channel.connections('bob').includes(first));
      channel.loseReplyTo('bob', 'SEND');
      await channel.until('the join went out', () => channel.faults.lost === undefined);
      channel.sleep('bob');
      channel.wake('A');
      const noun = purpose === 'messages' ? 'group_member' : 'priority_connection';
      await channel.until('A was asked', () => channel.recordsOf('A', noun).length === 1);
      channel.loseReplyTo('A', 'SEND');
      await channel.until('A let bob in', () => channel.faults.lost === undefined);
      channel.sleep('A');
      const [member] = channel.recordsOf('A', noun);
      assert.equal(member.status, 'New');
      await early(channel, member, 'x.ok', {});
      assert.equal(channel.record('A', member)?.status, 'Connected');
      const connection = channel
        .recordsOf('bob', 'member_connection')
        .find(({ data }) => data['purpose'] === purpose)!;
      assert.equal(connection.status, 'New');
      const fromMember = { memberId: idBytes(String(member.data['relayMemberId'])) };
      const facts = { groupLinkInvitation: { fromMember, groupProfile: {} } };
      await early(channel, connection, 'x.grp.link.inv', facts, channel.senderSide('smp-relays'));
      assert.equal(channel.record('bob', connection)?.status, 'Connected');
      channel.wake('A');
      channel.wake('bob');
      await channel.settle();
      assert.deepEqual(channel.membersOf('A'), ['Connected']);
      assert.deepEqual([...new Set(channel.connections('bob'))], ['Connected']);
      return channel.faults;
    },
  };
}

/** The queue that a relay made for its owner, known to it by now. */
function queueAt(channel: Channel, process: string, server: string): PeerQueue {
  const made = [...channel.process(process).store.receiveQueues.values()].filter(
    ({ purpose }) => purpose === 'connection',
  );
  return channel.senderSide(server, made[made.length - 1].recipientId);
}
