import assert from 'node:assert/strict';
import type { ProtocolName } from '@chat-relays/protocol';
import { Channel } from '../channel';

/** What is recorded of each protocol. */
export interface Flow {
  readonly name: string;
  readonly about: string;
  tell(protocol: ProtocolName): Promise<Channel>;
}

const MOMENTS: { readonly [P in ProtocolName]: readonly string[] } = {
  full: [
    'owner.2.NEW.after-execute',
    'relay.5.x.grp.relay.inv.before-commit',
    'owner.7.x.grp.relay.acpt.after-commit',
    'owner.8.LSET.after-execute',
    'member.15.JOIN.after-execute',
    'relay.15.x.member.before-commit',
    'member.15.x.grp.link.inv.before-commit',
  ],
  pooled: [
    'owner.2.NEW.after-execute',
    'relay.5.x.grp.relay.inv.before-commit',
    'owner.6.x.grp.relay.acpt.after-commit',
    'owner.7.LSET.after-execute',
    'member.15.JOIN.after-execute',
    'relay.15.x.member.before-commit',
    'member.15.x.grp.link.inv.before-commit',
  ],
  paired: [
    'owner.4.NEW.after-execute',
    'relay.6.x.grp.relay.inv.before-commit',
    'owner.10.x.grp.relay.acpt.after-commit',
    'owner.11.LSET.after-execute',
    'owner.12.JOIN.after-execute',
    'member.15a.JOIN.after-execute',
    'relay.15b.x.member.before-commit',
    'member.15a.x.grp.link.inv.before-commit',
  ],
};

export const flows: readonly Flow[] = [
  {
    name: 'channel',
    about: 'A group with one relay is made, a member joins, and another relay is chosen.',
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A', 'B'], members: ['bob'] });
      await channel.begins(['A']);
      await channel.settle();
      await channel.joins('bob');
      await channel.settle();
      await channel.chooses('B');
      await channel.settle();
      return channel;
    },
  },
  {
    name: 'removal',
    about: 'The only relay is removed and told, its member leaves it, and it is chosen again.',
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A'], members: ['bob'] });
      await channel.begins();
      await channel.settle();
      await channel.joins('bob');
      await channel.settle();
      await channel.removes('A', true);
      await channel.settle();
      await channel.chooses('A');
      await channel.settle();
      assert.equal(channel.relayStatus('A'), 'Confirmed');
      return channel;
    },
  },
  {
    name: 'retry',
    about: 'A relay that was silent is tried again, and its late answer counts no more.',
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A'], members: ['bob'] });
      channel.sleep('A');
      await channel.begins();
      await channel.settle();
      channel.sleep('owner', 'receive');
      channel.wake('A');
      await channel.settle();
      await channel.retries('A');
      channel.wake('owner');
      await channel.settle();
      await channel.joins('bob');
      await channel.settle();
      assert.equal(channel.relayStatus('A'), 'Confirmed');
      return channel;
    },
  },
  {
    name: 'crashes',
    about: 'Processes die before a commit, after one, and after a command was executed.',
    async tell(protocol) {
      const channel = await Channel.with({ protocol, relays: ['A'], members: ['bob'] });
      channel.faults.deaths.push(...MOMENTS[protocol]);
      await channel.begins();
      await channel.settle();
      await channel.joins('bob');
      await channel.settle();
      assert.deepEqual(channel.faults.deaths, []);
      assert.equal(channel.relayStatus('A'), 'Confirmed');
      return channel;
    },
  },
];
