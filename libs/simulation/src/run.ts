import { type IncomingMessage, newId } from '@chat-relays/agent';
import {
  type ChosenRelay,
  groupRelayId,
  membershipId,
  type ProtocolName,
  refKey,
} from '@chat-relays/protocol';
import { type FaultPlan, Faults } from './faults';
import { Invariants } from './invariants';
import { Random } from './random';
import { type Process, World } from './world';

export interface Scenario {
  readonly seed: number;
  readonly protocol: ProtocolName;
  readonly relays: number;
  readonly members: number;
  readonly messages: number;
  readonly faults: FaultPlan;
}

export interface RunResult {
  /** empty: the run is good */
  readonly problems: readonly string[];
  readonly story: string;
  readonly events: number;
  readonly faults: Faults;
}

const MOST_EVENTS = 20_000;

/** One channel from its creation to its last message, with faults until the users are done, then in peace until rest. */
export async function run(scenario: Scenario): Promise<RunResult> {
  const faults = new Faults(new Random(scenario.seed ^ 0x5eed), scenario.faults);
  const world = new World(scenario.seed, scenario.protocol, faults);
  const course = new Course(world, scenario);
  const invariants = new Invariants(world);
  let events = 0;
  let problems: string[] = [];
  await course.begin();
  for (; problems.length === 0 && events < MOST_EVENTS; events++) {
    if (!(await course.next())) break;
    problems = invariants.check();
  }
  if (problems.length === 0) {
    problems =
      events === MOST_EVENTS
        ? [`no rest after ${events} events`]
        : invariants.atRest(course.sent, scenario.members);
  }
  return { problems, story: world.story.columns(), events, faults };
}

const GROUP = 'news';

/** What the users do, mixed at random with what the machines do. */
class Course {
  readonly sent: string[] = [];
  private readonly users: (() => Promise<boolean>)[] = [];

  constructor(
    private readonly world: World,
    private readonly scenario: Scenario,
  ) {}

  async begin(): Promise<void> {
    const { world, scenario } = this;
    const owner = world.add('owner', 'smp-owner');
    const member = world.add('member', 'smp-members');
    for (let n = 1; n <= scenario.relays; n++) {
      const relay = world.add(`relay-${n}`, 'smp-relays', `relay-${n}`);
      const ref = { noun: 'relay_address', id: relay.name } as const;
      await relay.agent.tell(ref, relay.name, 'address.create', { relayName: relay.name });
    }
    const names = Array.from({ length: scenario.members }, (_, n) => `member-${n + 1}`);
    this.users.push(
      () => this.createGroup(owner),
      ...names.map((name) => () => this.join(member, name)),
      ...Array.from({ length: scenario.messages }, () => () => this.send(owner)),
    );
  }

  /** Lets one thing happen; false when nothing is left to happen. */
  async next(): Promise<boolean> {
    const { world } = this;
    const { random, faults } = world;
    if (faults.kill()) await this.kill();
    const possible = [...this.machines()];
    const [user] = this.users;
    if (possible.length > 0 && (!user || random.chance(0.9))) {
      const { process, event } = random.pick(possible);
      await world.within(process, event);
      return true;
    }
    if (user && (await user())) {
      this.users.shift();
      if (this.users.length === 0) faults.over = true;
      return true;
    }
    return possible.length > 0 || this.letTimePass();
  }

  private *machines(): Generator<{ process: Process; event: () => Promise<unknown> }> {
    const { world } = this;
    for (const process of world.processes) {
      const { agent, store, deliveries, smp } = process;
      if ((store.nextDue() ?? Infinity) <= world.now) yield { process, event: () => agent.executeDue(1) };
      const waiting = world.servers.onTheWay.get(smp.session) ?? [];
      if (waiting.length > 0) yield { process, event: () => this.receive(process, waiting) };
      const groups = new Set(
        deliveries.jobs.filter(({ complete }) => !complete).map((job) => job.relayOwnId),
      );
      for (const group of groups) yield { process, event: () => agent.deliverStep(group) };
      if ((deliveries.nextDue() ?? Infinity) <= world.now) {
        for (const { relayOwnId } of deliveries.jobs) {
          yield { process, event: () => agent.deliverStep(relayOwnId) };
          break;
        }
      }
    }
  }

  /** Any of the messages on the way; sometimes it comes once more. */
  private async receive(process: Process, waiting: IncomingMessage[]): Promise<void> {
    const { random, faults } = this.world;
    const [message] = waiting.splice(random.below(waiting.length), 1);
    if (faults.duplicate()) waiting.push(message);
    await process.agent.receive([message]);
  }

  private async kill(): Promise<void> {
    const { random, servers, processes, story } = this.world;
    const names = ['smp-owner', 'smp-relays', 'smp-members'];
    if (random.chance(0.3)) {
      const name = random.pick(names);
      story.tell(name, 'is killed and starts again');
      servers.restart(name);
      for (const { smp } of processes) await smp.resubscribe();
    } else await this.world.restart(random.pick(processes));
  }

  private letTimePass(): boolean {
    const { world } = this;
    const moments = world.processes.flatMap(({ store, deliveries }) => [
      store.nextDue() ?? Infinity,
      deliveries.nextDue() ?? Infinity,
    ]);
    const next = Math.min(...moments);
    if (next === Infinity || next <= world.now) return next !== Infinity;
    world.now = next;
    return true;
  }

  private async createGroup(owner: Process): Promise<boolean> {
    const { world, scenario } = this;
    const chosen: ChosenRelay[] = [];
    for (let n = 1; n <= scenario.relays; n++) {
      const { store } = world.process(`relay-${n}`);
      const address = store.records.get(refKey({ noun: 'relay_address', id: `relay-${n}` }))?.data['address'];
      if (typeof address !== 'string') return false;
      chosen.push({ name: `relay-${n}`, address, relayMemberId: newId(world.random.bytes(12)).text });
    }
    await world.within(owner, () =>
      owner.agent.tell({ noun: 'group', id: GROUP }, 'alice', 'group.create', {
        groupId: GROUP,
        owner: 'alice',
        ownerMemberId: newId(world.random.bytes(12)).text,
        profile: { displayName: GROUP, fullName: '' },
        chosen,
      }),
    );
    return owner.store.records.has(refKey({ noun: 'group', id: GROUP }));
  }

  /** Step 13: the link is shared when every relay is confirmed. */
  private async join(member: Process, name: string): Promise<boolean> {
    const { world, scenario } = this;
    const { records } = world.process('owner').store;
    const link = records.get(refKey({ noun: 'group', id: GROUP }))?.data['groupLink'];
    const confirmed = Array.from({ length: scenario.relays }, (_, n) =>
      records.get(refKey({ noun: 'group_relay', id: groupRelayId(GROUP, `relay-${n + 1}`) })),
    ).every((record) => record?.status === 'Confirmed');
    if (typeof link !== 'string' || !confirmed) return false;
    const ref = { noun: 'membership', id: membershipId(name, link) } as const;
    await world.within(member, () =>
      member.agent.tell(ref, name, 'member.join', {
        groupLink: link,
        memberName: name,
        memberId: newId(world.random.bytes(12)).text,
        memberKey: memberKey(world.random),
      }),
    );
    return member.store.records.has(refKey(ref));
  }

  /** Step 16, once every member is connected to every relay: then what arrives can be counted. */
  private async send(owner: Process): Promise<boolean> {
    const { world, scenario } = this;
    const connections = [...world.process('member').store.records.values()].filter(
      ({ noun, status }) => noun === 'member_connection' && status === 'Connected',
    );
    const accepted = world.processes
      .flatMap(({ store }) => [...store.records.values()])
      .filter(
        ({ noun, status }) => noun === 'group_member' && (status === 'Accepted' || status === 'Connected'),
      );
    const all = scenario.members * scenario.relays;
    if (connections.length < all || accepted.length < all) return false;
    const { messageIds } = await owner.agent.post(GROUP, [`message ${this.sent.length + 1}`]);
    this.sent.push(...messageIds);
    return true;
  }
}

function memberKey(random: Random): string {
  const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), random.bytes(32)]);
  return der.toString('base64url');
}
