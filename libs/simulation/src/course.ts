import { type Agent, newId } from '@chat-relays/agent';
import {
  type ChosenRelay,
  groupRelayId,
  membershipId,
  type ProtocolName,
  refKey,
  type RecordRef,
  type SagaRecord,
} from '@chat-relays/protocol';
import type { FaultPlan } from './faults';
import { Meddling } from './meddling';
import { GROUP, POOL } from './names';
import { letTimePass, possibilities } from './schedule';
import type { Process, World } from './world';

export interface Scenario {
  readonly seed: number;
  readonly protocol: ProtocolName;
  readonly relays: number;
  readonly members: number;
  readonly messages: number;
  readonly faults: FaultPlan;
  /** members join as soon as there is a link, not when every relay is confirmed */
  readonly impatient?: boolean;
  /** relays that are chosen after the group was created */
  readonly chosenLater?: number;
  /** messages that a queue holds */
  readonly quota?: number;
  /** times that people change their minds: relays are removed, tried again, chosen again, links looked at */
  readonly meddling?: number;
}

/** What a user wants to do: now, if everything is as it should be; in the end, if it is possible at all. */
interface Wish {
  readonly what: string;
  ready(): boolean;
  possible(): boolean;
  /** false: it did not happen, because the process died in it */
  act(): Promise<boolean>;
}

const MOST_REPAIRS = 3;

/** What the users do, mixed at random with what the machines do. */
export class Course {
  readonly sent: string[] = [];
  readonly unfulfilled: string[] = [];
  private readonly wishes: Wish[] = [];
  private readonly meddling: Meddling;
  private readonly repairs = new Map<string, number>();

  constructor(
    private readonly world: World,
    private readonly scenario: Scenario,
  ) {
    this.meddling = new Meddling(world, scenario.relays, scenario.meddling ?? 0, (n) => this.chosen(n));
  }

  async begin(): Promise<void> {
    const { world, scenario } = this;
    world.add('owner', 'smp-owner');
    world.add('member', 'smp-members');
    for (let n = 1; n <= scenario.relays; n++) {
      await this.startRelay(world.add(`relay-${n}`, 'smp-relays', `relay-${n}`));
    }
    const later = Math.min(scenario.chosenLater ?? 0, scenario.relays);
    this.wishes.push(
      this.creation(scenario.relays - later),
      ...Array.from({ length: later }, (_, n) => this.choice(scenario.relays - later + n + 1)),
      ...Array.from({ length: scenario.members }, (_, n) => this.joining(`member-${n + 1}`)),
      ...Array.from({ length: scenario.messages }, () => this.sending()),
    );
  }

  /** Lets one thing happen; false when nothing is left to happen. */
  async next(): Promise<boolean> {
    const { world } = this;
    const { random, faults } = world;
    if (faults.kill()) await this.kill();
    const possible = [...possibilities(world)];
    const [wish] = this.wishes;
    if (wish && this.group() && (await this.meddling.happens())) return true;
    if (possible.length > 0 && (!wish || random.chance(0.9))) {
      const { process, event } = random.pick(possible);
      await world.within(process, event);
      return true;
    }
    if (wish?.ready()) return this.fulfil(wish);
    if (possible.length > 0 || letTimePass(world)) return true;
    if (await this.repair()) return true;
    if (!wish) return this.meddling.makesWhole();
    if (wish.possible()) return this.fulfil(wish);
    this.unfulfilled.push(wish.what);
    this.done();
    return true;
  }

  private async fulfil(wish: Wish): Promise<boolean> {
    if (await wish.act()) this.done();
    return true;
  }

  private done(): void {
    this.wishes.shift();
    if (this.wishes.length === 0) this.world.faults.over = true;
  }

  private async kill(): Promise<void> {
    const { random, servers, processes, story } = this.world;
    if (random.chance(0.3)) {
      const name = random.pick(['smp-owner', 'smp-relays', 'smp-members']);
      story.tell(name, 'is killed and starts again');
      servers.restart(name);
      for (const { smp } of processes) await smp.resubscribe();
    } else await this.world.restart(random.pick(processes));
  }

  /** What people do when nothing goes on: the operator starts a relay again, a member joins again. */
  private async repair(): Promise<boolean> {
    const relays = this.world.processes.filter(({ identity }) => identity !== undefined);
    const without = relays.find(({ name, store }) => {
      const status = store.records.get(`relay_address:${name}`)?.status;
      return (status === undefined || status === 'Broken') && this.mayRepair(name);
    });
    if (without) {
      await this.startRelay(without);
      return true;
    }
    const outside = this.records('member', 'membership').find(
      (membership) => !this.isIn(membership) && this.mayRepair(membership.id),
    );
    if (outside) await this.tellMember(outside.identity);
    return outside !== undefined;
  }

  private mayRepair(what: string): boolean {
    const tries = this.repairs.get(what) ?? 0;
    this.repairs.set(what, tries + 1);
    return tries < MOST_REPAIRS;
  }

  private isIn({ id, status, data }: SagaRecord): boolean {
    const connections = this.records('member', 'member_connection').filter(
      (connection) => connection.data['membershipId'] === id && connection.status === 'Connected',
    );
    return status === 'Joined' && connections.length === (data['relayLinks'] as string[]).length;
  }

  private async startRelay(relay: Process): Promise<void> {
    const ref = { noun: 'relay_address', id: relay.name } as const;
    await this.world.within(relay, () =>
      relay.agent.tell(ref, relay.name, 'address.create', { relayName: relay.name }),
    );
    if (this.scenario.protocol === 'pooled') {
      await this.world.within(relay, () => relay.agent.fillPool(relay.name, POOL));
    }
  }

  private creation(count: number): Wish {
    const { scenario } = this;
    const numbers = Array.from({ length: scenario.relays }, (_, n) => n + 1);
    const possible = (): boolean => numbers.every((n) => this.addressOf(n) !== undefined);
    return {
      what: 'create the group',
      ready: possible,
      possible,
      act: () => {
        const chosen = numbers.slice(0, count).map((n) => this.chosen(n));
        const group = { id: GROUP, owner: 'alice', name: GROUP, protocol: scenario.protocol, chosen };
        return this.asOwner(
          (agent) => agent.createGroup(group),
          () => this.group() !== undefined,
        );
      },
    };
  }

  private choice(n: number): Wish {
    const possible = (): boolean => this.link() !== undefined || this.group()?.status === 'New';
    const known = (): boolean =>
      (this.group()?.data['chosen'] as ChosenRelay[]).some(({ name }) => name === `relay-${n}`);
    return {
      what: `choose relay-${n}`,
      ready: possible,
      possible,
      act: () => this.tellOwner('relays.chosen', { relays: [this.chosen(n)] }, known),
    };
  }

  private async tellOwner(event: string, facts: object, done: () => boolean): Promise<boolean> {
    const ref = { noun: 'group', id: GROUP } as const;
    return this.asOwner((agent) => agent.tell(ref, 'alice', event, facts), done);
  }

  private async asOwner(act: (agent: Agent) => Promise<unknown>, done: () => boolean): Promise<boolean> {
    const owner = this.world.process('owner');
    await this.world.within(owner, () => act(owner.agent));
    return done();
  }

  /** Step 13: the link is shared when every relay is confirmed, or too early. */
  private joining(name: string): Wish {
    const possible = (): boolean => this.link() !== undefined;
    return {
      what: `let ${name} join`,
      possible,
      ready: () => possible() && (this.scenario.impatient === true || this.allConfirmed()),
      act: async () => {
        await this.tellMember(name);
        return this.world.process('member').store.records.has(refKey(this.membership(name)));
      },
    };
  }

  private async tellMember(name: string): Promise<void> {
    const member = this.world.process('member');
    await this.world.within(member, () => member.agent.join(this.link()!, [name]));
  }

  private membership(name: string): RecordRef {
    return { noun: 'membership', id: membershipId(name, this.link()!) };
  }

  /** Step 16, once every member is connected to every relay: then what arrives can be counted. */
  private sending(): Wish {
    const { members, relays } = this.scenario;
    const connected = (): number =>
      this.records('member', 'member_connection').filter(({ status }) => status === 'Connected').length;
    const accepted = (): number =>
      Array.from({ length: relays }, (_, n) => this.records(`relay-${n + 1}`, 'group_member'))
        .flat()
        .filter(({ status }) => status === 'Accepted' || status === 'Connected').length;
    const all = members * relays;
    return {
      what: 'send a message',
      possible: () => this.link() !== undefined,
      ready: () => this.allConfirmed() && connected() === all && accepted() === all,
      act: async () => {
        const { agent } = this.world.process('owner');
        const posted = await agent.post(GROUP, [`message ${this.sent.length + 1}`]);
        if (posted.relays.length > 0) this.sent.push(...posted.messageIds);
        return true;
      },
    };
  }

  private allConfirmed(): boolean {
    const { records } = this.world.process('owner').store;
    return Array.from({ length: this.scenario.relays }, (_, n) =>
      records.get(refKey({ noun: 'group_relay', id: groupRelayId(GROUP, `relay-${n + 1}`) })),
    ).every((record) => record?.status === 'Confirmed');
  }

  private group(): SagaRecord | undefined {
    return this.world.process('owner').store.records.get(`group:${GROUP}`);
  }

  private link(): string | undefined {
    const group = this.group();
    // it may be known before it is made
    return group?.status === 'Ready' ? (group.data['groupLink'] as string) : undefined;
  }

  private chosen(n: number): ChosenRelay {
    const relayMemberId = newId(this.world.random.bytes(12)).text;
    return { name: `relay-${n}`, address: this.addressOf(n)!, relayMemberId };
  }

  private addressOf(n: number): string | undefined {
    const { store } = this.world.process(`relay-${n}`);
    return store.records.get(`relay_address:relay-${n}`)?.data['address'] as string | undefined;
  }

  private records(process: string, noun: SagaRecord['noun']): SagaRecord[] {
    const { records } = this.world.process(process).store;
    return [...records.values()].filter((record) => record.noun === noun);
  }
}
