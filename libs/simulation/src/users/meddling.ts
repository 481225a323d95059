import {
  type ChosenRelay,
  dialogueOf,
  groupRelayId,
  refKey,
  type SagaRecord,
  servesOwner,
  waiting,
} from '@chat-relays/protocol';
import type { NamedGroup } from '../runs/scenario';
import type { Process, World } from '../world';

/** How often the owner tries to get each relay to serve in the end. */
const MOST_ROUNDS = 6;

/** What was on its way to a relay that was removed meanwhile, and perhaps chosen again. */
export const tooLate = [
  'this relay does not serve the group',
  'x.member: it was meant for another relay link',
  'x.contact: it was meant for another relay link',
];

/**
 * People who change their minds while everything goes on: an owner who removes relays, tries them again and chooses them
 * again, members who join again, and the timers that look at links. And in the end, an owner who wants all relays to serve.
 */
export class Meddling {
  private rounds = 0;
  private left: number;

  constructor(
    private readonly world: World,
    private readonly group: NamedGroup,
    private readonly chosen: (n: number) => ChosenRelay,
  ) {
    this.left = group.meddling ?? 0;
  }

  /** Whether something was meddled with just now. */
  async happens(): Promise<boolean> {
    const { random, faults } = this.world;
    if (this.left === 0 || faults.over || !random.chance(0.03)) return false;
    this.left--;
    const n = 1 + random.below(this.group.relays);
    switch (random.below(7)) {
      case 0:
        for (const reason of tooLate) faults.expected.add(reason);
        await this.tell('relay.remove', { name: `relay-${n}`, force: random.chance(0.5) });
        break;
      case 1:
        // it may take the relay off the link for so long that the relay makes another one
        for (const reason of tooLate) faults.expected.add(reason);
        await this.tell('relay.retry', { name: `relay-${n}` });
        break;
      case 2:
        await this.tell('relays.chosen', { relays: [this.chosen(n)] });
        break;
      case 3:
        await this.joinsAgain();
        break;
      case 4:
        if (this.group.protocol !== 'paired' || !(await this.asksHistory()))
          await this.check(random.pick(this.world.processes));
        break;
      default:
        await this.check(random.pick(this.world.processes));
    }
    return true;
  }

  /** When nobody does anything any more: whatever is not as it should be is begun again. False when all is well. */
  async makesWhole(): Promise<boolean> {
    if (this.rounds++ >= 2 * MOST_ROUNDS) return false;
    // first everybody looks what there is now, then the owner sees who still does not serve
    if (this.rounds % 2 === 1) {
      for (const process of this.world.processes) await this.check(process);
      return true;
    }
    const absent = Array.from({ length: this.group.relays }, (_, at) => at + 1).filter(
      (n) => !this.isThere(n),
    );
    for (const n of absent) await this.begins(n);
    return absent.length > 0 || this.somebodyWaits();
  }

  /** Who waits for a link that is gone sees so when it is missing for the second time. */
  private somebodyWaits(): boolean {
    return this.world.processes.some(({ store }) =>
      [...store.records.values()].some(({ protocol, noun, status }) =>
        waiting(dialogueOf(protocol, noun)).includes(status),
      ),
    );
  }

  private async begins(n: number): Promise<void> {
    const relay = this.relay(n);
    const stuck = relay && waiting(dialogueOf(relay.protocol, relay.noun)).includes(relay.status);
    if (stuck) await this.tell('relay.retry', { name: `relay-${n}` });
    else await this.tell('relays.chosen', { relays: [this.chosen(n)] });
  }

  private isThere(n: number): boolean {
    return servesOwner(this.relay(n)?.status ?? '-');
  }

  private relay(n: number): SagaRecord | undefined {
    const { records } = this.world.process('owner').store;
    return records.get(refKey({ noun: 'group_relay', id: groupRelayId(this.group.id, `relay-${n}`) }));
  }

  /** A member that is in the group, whether all is well with it or not. */
  private async joinsAgain(): Promise<void> {
    const member = this.world.process('member');
    const known = [...member.store.records.values()].filter(({ noun }) => noun === 'membership');
    if (known.length === 0) return;
    const { random } = this.world;
    const { identity, data } = random.pick(known);
    await this.world.within(member, () =>
      member.agent.join(String(data['groupLink']), [identity], random.chance(0.5)),
    );
  }

  /** A member asks one of the relays that it is connected to; false when there is none. */
  private async asksHistory(): Promise<boolean> {
    const member = this.world.process('member');
    const connections = [...member.store.records.values()].filter(
      ({ noun, status, data }) =>
        noun === 'member_connection' && status === 'Connected' && data['purpose'] === 'priority',
    );
    if (connections.length === 0) return false;
    const { id, identity } = this.world.random.pick(connections);
    await this.world.within(member, () => member.agent.askHistory(identity, [id]));
    return true;
  }

  private async check(process: Process): Promise<void> {
    await this.world.within(process, () => process.agent.check());
  }

  private async tell(event: string, facts: object): Promise<void> {
    const owner = this.world.process('owner');
    const ref = { noun: 'group', id: this.group.id } as const;
    await this.world.within(owner, () => owner.agent.tell(ref, 'alice', event, facts));
  }
}
