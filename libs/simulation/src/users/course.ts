import { GroupCourse } from './group-course';
import { POOL } from './names';
import { groupsOf, type Scenario } from '../runs/scenario';
import { letTimePass, possibilities } from '../schedule';
import type { Process, World } from '../world';

const MOST_REPAIRS = 3;
/** how long something may be tried in vain before the timers look at links, ms */
const LOOK_MS = 60_000;

/** What the users do, mixed at random with what the machines do. */
export class Course {
  readonly groups: readonly GroupCourse[];
  private readonly repairs = new Map<string, number>();
  private looked = 0;

  constructor(
    private readonly world: World,
    private readonly scenario: Scenario,
  ) {
    this.groups = groupsOf(scenario).map((shape) => new GroupCourse(world, shape));
  }

  async begin(): Promise<void> {
    const { world, scenario } = this;
    world.add('owner', 'smp-owner');
    world.add('member', 'smp-members');
    for (let n = 1; n <= scenario.relays; n++) {
      await this.startRelay(world.add(`relay-${n}`, 'smp-relays', `relay-${n}`));
    }
  }

  /** Lets one thing happen; false when nothing is left to happen. */
  async next(): Promise<boolean> {
    const { world } = this;
    const { random, faults } = world;
    const wishing = this.groups.filter(({ wish }) => wish !== undefined);
    if (wishing.length === 0) faults.over = true;
    if (faults.kill()) await this.kill();
    const possible = [...possibilities(world)];
    if (!faults.over) {
      const existing = this.groups.filter(({ exists }) => exists);
      if (existing.length > 0 && (await random.pick(existing).happens())) return true;
    }
    if (possible.length > 0 && (wishing.length === 0 || random.chance(0.9))) {
      const { process, event } = random.pick(possible);
      await world.within(process, event);
      return true;
    }
    const ready = wishing.filter(({ wish }) => wish?.ready());
    if (ready.length > 0) return this.fulfil(random.pick(ready));
    if (possible.length > 0) return true;
    if (letTimePass(world)) {
      await this.look();
      return true;
    }
    if (await this.repair()) return true;
    if (wishing.length === 0) return this.makesWhole();
    const group = random.pick(wishing);
    if (group.wish!.possible()) return this.fulfil(group);
    group.giveUp(group.wish!);
    return true;
  }

  /** What is tried for ever may be of no use any more: who sees so gives it up. */
  private async look(): Promise<void> {
    const { now, processes } = this.world;
    if (this.looked === 0) this.looked = now;
    if (now - this.looked < LOOK_MS) return;
    this.looked = now;
    for (const process of processes) await this.world.within(process, () => process.agent.check());
  }

  private async fulfil(group: GroupCourse): Promise<boolean> {
    await group.fulfil(group.wish!);
    return true;
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
    for (const group of this.groups) {
      const outside = group.outside().find(({ id }) => this.mayRepair(id));
      if (outside) {
        await group.join(outside.identity);
        return true;
      }
    }
    return false;
  }

  private mayRepair(what: string): boolean {
    const tries = this.repairs.get(what) ?? 0;
    this.repairs.set(what, tries + 1);
    return tries < MOST_REPAIRS;
  }

  /** The owner sees to each group until all relays of it serve. */
  private async makesWhole(): Promise<boolean> {
    for (const { meddling } of this.groups) if (await meddling.makesWhole()) return true;
    return false;
  }

  private async startRelay(relay: Process): Promise<void> {
    const ref = { noun: 'relay_address', id: relay.name } as const;
    await this.world.within(relay, () =>
      relay.agent.tell(ref, relay.name, 'address.create', { relayName: relay.name }),
    );
    if (this.groups.some(({ shape }) => shape.protocol === 'pooled')) {
      await this.world.within(relay, () => relay.agent.fillPool(relay.name, POOL));
    }
  }
}
