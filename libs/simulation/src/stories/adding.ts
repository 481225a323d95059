import assert from 'node:assert/strict';
import { Sealer, sendQueueKey } from '@chat-relays/agent';
import { dialogueOf, waiting } from '@chat-relays/protocol';
import { encodeEnvelope, idBytes } from '@chat-relays/wire';
import { Channel } from '../channel';
import { GROUP } from '../users/names';
import { toyCrypto } from '../toy-crypto';
import type { Telling } from './telling';

const ownerWaits = (): string[] => waiting(dialogueOf('full', 'group_relay'));

export const adding: readonly Telling[] = [
  {
    title: 'a relay that never answers leaves its owner waiting in Invited',
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A', 'B'] });
      channel.sleep('A');
      await channel.begins();
      await channel.settle();
      assert.equal(channel.relayStatus('A'), 'Invited');
      assert.equal(channel.relayStatus('B'), 'Confirmed');
      assert.ok(ownerWaits().includes('Invited'));
      channel.wake('A');
      await channel.settle();
      assert.equal(channel.relayStatus('A'), 'Confirmed');
      return channel.faults;
    },
  },
  {
    title: 'a relay that falls silent after it accepted leaves its owner waiting in Notified',
    only: ['full'],
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A'] });
      await channel.begins();
      await channel.until('A accepted', () => channel.relayOwnStatus('A') === 'Accepted');
      channel.sleep('A');
      await channel.settle();
      assert.equal(channel.relayStatus('A'), 'Notified');
      assert.ok(ownerWaits().includes('Notified'));
      return channel.faults;
    },
  },
  {
    title: 'a relay that gave a ready link serves as soon as it is sent, whatever its owner says',
    only: ['pooled'],
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A'] });
      await channel.begins();
      await channel.until('A was invited', () => channel.relayOwnStatus('A') === 'Invited');
      channel.sleep('owner');
      await channel.settle();
      assert.equal(channel.relayOwnStatus('A'), 'Confirmed');
      return channel.faults;
    },
  },
  {
    title: 'an owner that falls silent leaves the relay waiting in Accepted',
    only: ['full', 'paired'],
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A'] });
      await channel.begins();
      await channel.until('A was invited', () => channel.relayOwnStatus('A') === 'Invited');
      channel.sleep('owner');
      await channel.settle();
      assert.equal(channel.relayOwnStatus('A'), 'Accepted');
      assert.ok(waiting(dialogueOf('full', 'relay_own')).includes('Accepted'));
      return channel.faults;
    },
  },
  {
    title: 'a repeated invitation makes one relay record and one relay link',
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A'] });
      await channel.begins();
      channel.loseReplyTo('owner', 'SEND');
      await channel.until('the invitation is on its way', () => channel.faults.lost === undefined);
      channel.repeat('A');
      await channel.settle();
      assert.ok(channel.decided('x.grp.relay.inv', 'unmet') >= 1);
      assert.equal(channel.recordsOf('A', 'relay_own').length, 1);
      assert.equal(channel.relayLinks(), 1);
      assert.equal(channel.relayStatus('A'), 'Confirmed');
      return channel.faults;
    },
  },
  {
    title: 'a relay that is chosen twice is added once, one that is chosen later is added too',
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A', 'B'] });
      await channel.begins(['A']);
      await channel.chooses('B');
      await channel.settle();
      await channel.chooses('A');
      await channel.settle();
      assert.deepEqual(
        ['A', 'B'].map((relay) => channel.relayStatus(relay)),
        ['Confirmed', 'Confirmed'],
      );
      assert.equal(channel.relayLinks(), 2);
      return channel.faults;
    },
  },
  {
    title: 'what LSET writes is read when it executes: two relays accepted, one write lists both',
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A', 'B'] });
      await channel.begins();
      const statuses = () => ['A', 'B'].map((relay) => channel.relayStatus(relay));
      await channel.until('A is accepted', () => channel.relayStatus('A') === 'Accepted');
      channel.sleep('owner', 'execute');
      await channel.settle();
      assert.deepEqual(statuses(), ['Accepted', 'Accepted']);
      channel.wake('owner');
      channel.loseReplyTo('owner', 'LSET');
      await channel.until('one LSET reached the server', () => channel.faults.lost === undefined);
      assert.equal(channel.executed('LSET', 'ok'), 0);
      assert.equal(channel.listed(), 2);
      assert.deepEqual(statuses(), ['Accepted', 'Accepted']);
      await channel.settle();
      assert.equal(channel.listed(), 2);
      assert.deepEqual(
        ['A', 'B'].map((relay) => channel.relayStatus(relay)),
        ['Confirmed', 'Confirmed'],
      );
      return channel.faults;
    },
  },
  {
    title: 'a message that reaches a relay before it is confirmed is not forwarded',
    only: ['full'],
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A'] });
      await channel.begins();
      await channel.until('the owner knows the way to A', () => channel.relayStatus('A') === 'Accepted');
      await channel.until('the owner allowed the connection', () => channel.executed('LET', 'ok') === 1);
      channel.sleep('owner', 'execute');
      await channel.settle();
      const owner = channel.process('owner');
      const { peer } = channel.recordsOf('owner', 'group_relay')[0];
      const to = owner.store.sendQueues.get(sendQueueKey(peer!))!;
      const sealer = new Sealer(toyCrypto, (count) => channel.world.random.bytes(count), false);
      const text = encodeEnvelope({
        msgId: idBytes('bWVzc2FnZS0wMDAwMDAwMQ'),
        message: { event: 'x.msg.new', params: { content: { type: 'text', text: 'too early' } } },
      });
      await owner.smp.request(peer!.server, {
        entityId: idBytes(peer!.senderId),
        command: { kind: 'SEND', notify: false, body: sealer.message(to, text).body },
        key: sealer.authorization(to),
      });
      await channel.settle();
      assert.deepEqual(channel.refusals(), ['this relay does not serve the group']);
      assert.equal(channel.process('A').deliveries.jobs.length, 0);
      channel.wake('owner');
      await channel.settle();
      assert.equal(channel.relayStatus('A'), 'Confirmed');
      return channel.faults;
    },
  },
  {
    title: 'link data is written again on demand, and how that ended is told by the corrId of whoever asked',
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A'] });
      await channel.begins();
      await channel.settle();
      channel.loseReplyTo('owner', 'LSET');
      await channel.process('owner').agent.setConnShortLinkAsync('mine', GROUP);
      await channel.settle();
      const ends = channel.world.observations.flatMap((one) =>
        one.what === 'executed' && one.corrId === 'mine' ? [one.result] : [],
      );
      assert.deepEqual(ends, ['temporary', 'ok']);
      assert.equal(channel.listed(), 1);
      return channel.faults;
    },
  },
];
