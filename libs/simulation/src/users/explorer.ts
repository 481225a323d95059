import type { ChosenRelay } from '@chat-relays/protocol';
import { Crash } from '../faults/faults';
import { tooLate } from './meddling';
import type { NamedGroup } from '../runs/scenario';
import { possibilities } from '../schedule';
import type { Process, World } from '../world';

/** What users of a group may be asked for. */
export interface Users {
  chosen(name: string): ChosenRelay;
  /** undefined as long as there is none to share */
  link(): string | undefined;
  /** The owner says something, whoever is there to hear it. */
  post(): Promise<unknown>;
}

/** Something that a user does: to which process, and what. */
interface Act {
  readonly process: Process;
  readonly event: () => Promise<unknown>;
}

/** Seconds for which a server does not answer. */
const AWAY = { least: 30, most: 150 };

/**
 * Users who do anything in any order, whatever is under way: the owner posts, removes, retries and chooses, members join
 * again, several of these at once and while the process executes something, and servers that are away for long.
 */
export class Explorer {
  private left: number;

  constructor(
    private readonly world: World,
    private readonly group: NamedGroup,
    private readonly users: Users,
  ) {
    this.left = group.anything ?? 0;
  }

  /** Whether somebody did something just now. */
  async happens(): Promise<boolean> {
    const { world } = this;
    const { random, faults } = world;
    if (this.left === 0 || faults.over || !random.chance(0.08)) return false;
    this.left--;
    for (const reason of tooLate) faults.expected.add(reason);
    if (random.chance(0.15)) this.leave();
    else await this.atOnce(Array.from({ length: random.pick([1, 1, 2, 3]) }, () => this.act()));
    return true;
  }

  private leave(): void {
    const { random, servers, story } = this.world;
    const name = random.pick(servers.names);
    const seconds = AWAY.least + random.below(AWAY.most - AWAY.least);
    story.tell(name, `does not answer for ${seconds} s`);
    servers.leave(name, seconds);
  }

  /** All that is asked of the first one's process, beside what that process does anyway. */
  private async atOnce([first, ...others]: readonly Act[]): Promise<void> {
    const { world } = this;
    const { process } = first;
    const going = [...possibilities(world)].filter(
      (one) => one.process === process && one.what !== 'deliver',
    );
    const events = [first, ...others.filter((one) => one.process === process)].map(({ event }) => event);
    if (going.length > 0 && world.random.chance(0.5)) events.unshift(world.random.pick(going).event);
    await world.within(process, async () => {
      for (const ended of await Promise.allSettled(events.map((event) => event()))) {
        if (ended.status === 'rejected' && !(ended.reason instanceof Crash)) throw ended.reason;
      }
    });
  }

  private act(): Act {
    const { random, processes } = this.world;
    const name = `relay-${1 + random.below(this.group.relays)}`;
    const process = random.pick(processes);
    const look = { process, event: () => process.agent.check() };
    switch (random.below(9)) {
      case 0:
      case 1:
        return this.asOwner('relay.remove', { name, force: random.chance(0.5) });
      case 2:
        return this.asOwner('relay.retry', { name });
      case 3:
        return this.asOwner('relays.chosen', { relays: [this.users.chosen(name)] });
      case 4:
        return this.joining() ?? look;
      case 5:
      case 6:
        return { process: this.world.process('owner'), event: () => this.users.post() };
      default:
        return look;
    }
  }

  private joining(): Act | undefined {
    const { random } = this.world;
    const link = this.users.link();
    const process = this.world.process('member');
    if (link === undefined || this.group.members === 0) return undefined;
    const member = `member-${1 + random.below(this.group.members)}`;
    return { process, event: () => process.agent.join(link, [member], random.chance(0.5)) };
  }

  private asOwner(event: string, facts: object): Act {
    const process = this.world.process('owner');
    const ref = { noun: 'group', id: this.group.id } as const;
    return { process, event: () => process.agent.tell(ref, 'alice', event, facts) };
  }
}
