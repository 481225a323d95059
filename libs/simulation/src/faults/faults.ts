import type { Observation } from '@chat-relays/agent';
import { dialogueOf, type ProtocolName, protocols } from '@chat-relays/protocol';
import type { RoadFaults } from '../memory/memory-smp';
import type { Random } from '../random';

/** A process died. Thrown through everything that it was doing. */
export class Crash extends Error {
  override readonly name = 'Crash';
}

/** A named failpoint, the n-th time that it is reached. */
export interface Moment {
  readonly point: string;
  readonly hit: number;
}

export interface FaultPlan {
  /** probabilities */
  readonly loss: number;
  readonly duplicates: number;
  /** kill a process or a server between two events */
  readonly kills: number;
  /** kill -9 at these moments */
  readonly crashes: readonly Moment[];
  /** from this moment on, the process's SMP request number `after` (0 is the next one) is answered ERR AUTH */
  readonly refuse?: Moment & { readonly after: number };
  /** this LGET, counted over the run, is answered with the link data of the beginning */
  readonly stale?: number;
}

export const noFaults: FaultPlan = { loss: 0, duplicates: 0, kills: 0, crashes: [] };

type Decided = Extract<Observation, { what: 'decided' }>;

/** What goes wrong in one run, and a record of which points and rows were reached. */
export class Faults implements RoadFaults {
  /** set while a crash runs through a process */
  crashed = false;
  over = false;
  readonly reached = new Map<string, number>();
  readonly fired = new Map<string, number>();
  /** what honest agents never see of each other */
  readonly strange: string[] = [];
  /** refusals that honest agents may see, because somebody changed his mind */
  readonly expected = new Set<string>();
  /** failpoints at which a process died */
  readonly crashedAt: string[] = [];
  /** the last failpoint before the wrong no, that is, what it was an answer to */
  refusedAt: string | undefined;
  stale = false;
  private readonly last = new Map<string, string>();
  private refusing: { process: string; after: number } | undefined;
  private reads = 0;

  constructor(
    private readonly random: Random,
    readonly plan: FaultPlan,
    /** of which the rows are counted; without one all are */
    private readonly protocol?: ProtocolName,
  ) {}

  loseRequest(): boolean {
    return this.happens(this.plan.loss);
  }

  loseReply(_process: string, _command: string): boolean {
    return this.happens(this.plan.loss);
  }

  duplicate(): boolean {
    return this.happens(this.plan.duplicates);
  }

  kill(): boolean {
    return this.happens(this.plan.kills);
  }

  /** Answers true when the process dies here. */
  reach(process: string, point: string): boolean {
    const hit = (this.reached.get(point) ?? 0) + 1;
    this.reached.set(point, hit);
    this.last.set(process, point);
    const { crashes, refuse } = this.plan;
    if (this.over) return false;
    if (refuse?.point === point && refuse.hit === hit) this.refusing = { process, after: refuse.after };
    if (!crashes.some((crash) => crash.point === point && crash.hit === hit)) return false;
    this.crashedAt.push(point);
    return true;
  }

  refuse(process: string, _command: string): boolean {
    if (this.refusing?.process !== process || this.refusing.after-- > 0) return false;
    this.refusing = undefined;
    this.refusedAt = this.last.get(process);
    return true;
  }

  readStale(_process: string): boolean {
    if (this.over || ++this.reads !== this.plan.stale) return false;
    this.stale = true;
    return true;
  }

  observe(process: string, observation: Observation): void {
    if (observation.what === 'refused' && !this.expected.has(observation.reason))
      this.strange.push(`${process} refused: ${observation.reason}`);
    if (observation.what === 'gap') this.strange.push(`${process} misses what no server lost`);
    if (observation.what !== 'decided') return;
    if (observation.outcome === 'violation')
      this.strange.push(`${process}: nobody takes ${observation.event}`);
    if (observation.outcome === 'moved' && this.counts(observation)) this.fire(rowName(observation));
  }

  fire(row: string): void {
    this.fired.set(row, (this.fired.get(row) ?? 0) + 1);
  }

  /** A world has groups of several protocols, and protocols have dialogues in common. */
  private counts({ protocol, ref }: Decided): boolean {
    return this.protocol === undefined || protocols[this.protocol].includes(dialogueOf(protocol, ref.noun));
  }

  private happens(probability: number): boolean {
    return !this.over && probability > 0 && this.random.chance(probability);
  }
}

/** A row and the status that it fired from, as coverage counts them. */
export function rowName({
  half,
  step,
  event,
  from,
  to,
}: Pick<Decided, 'half' | 'step' | 'event' | 'from' | 'to'>): string {
  return `${half} ${step} ${event} ${from} -> ${to}`;
}
