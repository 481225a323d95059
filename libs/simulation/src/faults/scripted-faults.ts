import { Faults, noFaults } from './faults';
import { Random } from '../random';

interface Target {
  readonly process: string;
  /** of SMP */
  readonly command: string;
}

/** No fault but those that a story asks for, each of them once. */
export class ScriptedFaults extends Faults {
  lost: Target | undefined;
  refused: Target | undefined;
  /** reads the data of the beginning once */
  old: string | undefined;

  /** failpoints at which processes die, in this order */
  readonly deaths: string[] = [];

  constructor() {
    super(new Random(1), noFaults);
  }

  override reach(process: string, point: string): boolean {
    super.reach(process, point);
    if (this.deaths[0] !== point) return false;
    this.deaths.shift();
    this.crashedAt.push(point);
    return true;
  }

  override loseReply(process: string, command: string): boolean {
    if (!is(this.lost, process, command)) return false;
    this.lost = undefined;
    return true;
  }

  override refuse(process: string, command: string): boolean {
    if (!is(this.refused, process, command)) return false;
    this.refused = undefined;
    // the group link stays as it was, and the invariants know
    if (command === 'LSET') this.refusedAt = `${process}.${command}`;
    return true;
  }

  override readStale(process: string): boolean {
    if (this.old !== process) return false;
    this.old = undefined;
    return true;
  }
}

function is(target: Target | undefined, process: string, command: string): boolean {
  return target?.process === process && target.command === command;
}
