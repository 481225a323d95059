import assert from 'node:assert/strict';
import { Channel } from '../channel';
import type { Telling } from './telling';

const links = (channel: Channel): string[] => channel.recordsOf('A', 'pool_link').map(({ status }) => status);

export const pooling: readonly Telling[] = [
  {
    title: 'a relay gives a link that is ready, and makes another one instead',
    only: ['pooled'],
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A'], pool: 2 });
      assert.deepEqual(links(channel), ['Ready', 'Ready']);
      await channel.begins();
      await channel.settle();
      assert.deepEqual(links(channel), ['Taken', 'Ready', 'Ready']);
      assert.equal(channel.relayLinks(), 1);
      return channel.faults;
    },
  },
  {
    title: 'a relay that has no link ready makes one for who invites it',
    only: ['pooled'],
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A'], pool: 0 });
      await channel.begins();
      channel.loseReplyTo('A', 'NEW');
      await channel.until('the new link is made', () => channel.faults.lost === undefined);
      await channel.process('A').agent.fillPool('A', 1);
      await channel.settle();
      assert.equal(channel.relayStatus('A'), 'Confirmed');
      assert.deepEqual(links(channel), ['Ready']);
      assert.equal(channel.relayLinks(), 1);
      return channel.faults;
    },
  },
  {
    title: 'a relay that dies when it has taken a link, before it wrote so, has as many ready afterwards',
    only: ['pooled'],
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A'], pool: 2 });
      await channel.begins();
      await channel.until('A was invited', () => channel.relayOwnStatus('A') === 'Invited');
      const { store } = channel.process('A');
      const [{ id, attempt }] = channel.recordsOf('A', 'relay_own');
      await store.takeLink({ noun: 'relay_own', id }, 'A', attempt);
      await channel.world.restart(channel.process('A'));
      await channel.settle();
      assert.deepEqual(links(channel), ['Taken', 'Ready', 'Ready']);
      assert.equal(channel.relayStatus('A'), 'Confirmed');
      assert.equal(channel.relayLinks(), 1);
      return channel.faults;
    },
  },
  {
    title: 'a link that could not be made is made when the pool is filled the next time',
    only: ['pooled'],
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A'], pool: 0 });
      const { agent } = channel.process('A');
      channel.refuse('A', 'NEW');
      await agent.fillPool('A', 1);
      await channel.settle();
      assert.deepEqual(links(channel), ['Broken']);
      await agent.fillPool('A', 1);
      await channel.settle();
      assert.deepEqual(links(channel), ['Ready']);
      return channel.faults;
    },
  },
];
