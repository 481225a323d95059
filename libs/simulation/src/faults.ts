import type { Observation } from '@chat-relays/agent';
import type { RoadFaults } from './memory/memory-smp';
import type { Random } from './random';

/** A process died. Thrown through everything that it was doing. */
export class Crash extends Error {
  override readonly name = 'Crash';
}

export interface FaultPlan {
  /** probabilities */
  readonly loss: number;
  readonly duplicates: number;
  /** kill -9 at the n-th time that this failpoint is reached */
  readonly crash?: { readonly point: string; readonly hit: number };
  /** kill a process or a server between two events */
  readonly kills: number;
}

export const noFaults: FaultPlan = { loss: 0, duplicates: 0, kills: 0 };

/** What goes wrong in one run, and a record of which points and rows were reached. */
export class Faults implements RoadFaults {
  /** set while a crash runs through a process */
  crashed = false;
  over = false;
  readonly reached = new Map<string, number>();
  readonly fired = new Map<string, number>();
  crashes = 0;

  constructor(
    private readonly random: Random,
    readonly plan: FaultPlan,
  ) {}

  loseRequest(): boolean {
    return this.happens(this.plan.loss);
  }

  loseReply(): boolean {
    return this.happens(this.plan.loss);
  }

  duplicate(): boolean {
    return this.happens(this.plan.duplicates);
  }

  kill(): boolean {
    return this.happens(this.plan.kills);
  }

  crashAt(point: string): boolean {
    const hit = (this.reached.get(point) ?? 0) + 1;
    this.reached.set(point, hit);
    const { crash } = this.plan;
    if (this.over || crash?.point !== point || crash.hit !== hit) return false;
    this.crashes++;
    return true;
  }

  observe(_process: string, observation: Observation): void {
    if (observation.what !== 'decided' || observation.outcome !== 'moved') return;
    const { half, step, event, from, to } = observation;
    const row = `${half} ${step} ${event} ${from} -> ${to}`;
    this.fired.set(row, (this.fired.get(row) ?? 0) + 1);
  }

  private happens(probability: number): boolean {
    return !this.over && probability > 0 && this.random.chance(probability);
  }
}
