import assert from 'node:assert/strict';
import type { ProtocolName } from '@chat-relays/protocol';
import { newId } from '@chat-relays/agent';
import { Channel } from '../channel';
import { GROUP } from '../users/names';
import type { Telling } from './telling';

/** The relay A, by other names. */
function choosesA(channel: Channel, ...names: string[]) {
  const address = channel.record('A', { noun: 'relay_address', id: 'A' })!.data['address'];
  const relays = names.map((name) => ({
    name,
    address,
    relayMemberId: newId(channel.world.random.bytes(12)).text,
  }));
  return channel
    .process('owner')
    .agent.tell({ noun: 'group', id: GROUP }, 'alice', 'relays.chosen', { relays });
}

async function serving(protocol: ProtocolName): Promise<Channel> {
  const channel = await Channel.with({ protocol, relays: ['A', 'B'] });
  await channel.begins();
  await channel.settle();
  return channel;
}

/** Names are the owner's; a relay knows the group by its link. */
export const naming: readonly Telling[] = [
  {
    title: 'a relay that was removed is taken at once under another name',
    async tell(protocol) {
      const channel = await serving(protocol);
      for (const _ of ['once', 'twice']) {
        await channel.removes('A');
        await channel.settle();
        await channel.chooses('A');
        await channel.settle();
      }
      await channel.removes('A');
      await channel.settle();
      assert.equal(await choosesA(channel, 'A-2'), 'moved');
      await channel.settle();
      assert.equal(channel.relayStatus('A-2'), 'Confirmed');
      assert.equal(channel.relayStatus('A'), 'Removed');
      assert.equal(channel.recordsOf('A', 'relay_own').length, 1);
      assert.equal(channel.listed(), 2);
      return channel.faults;
    },
  },
  {
    title: 'a relay that the group has is not chosen under another name, nor two names for one',
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A', 'B'] });
      await channel.begins();
      assert.equal(await choosesA(channel, 'A-2'), 'unmet');
      await channel.settle();
      assert.equal(await choosesA(channel, 'A-2'), 'unmet');
      await channel.removes('A');
      await channel.settle();
      assert.equal(await choosesA(channel, 'A-2', 'A-3'), 'unmet');
      // nor the name of another relay
      assert.equal(await choosesA(channel, 'B'), 'unmet');
      assert.equal(channel.recordsOf('owner', 'group_relay').length, 2);
      return channel.faults;
    },
  },
];
