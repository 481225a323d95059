import type { Plan } from './plan';
import type { Counts, Pass } from './tally';

/** One way for messages from a sender to a receiver. */
export interface Contender {
  /** by which --only knows it */
  readonly key: string;
  readonly name: string;
  /** what it promises, in a few words */
  readonly promises: string;
  /** others are printed as ratios to it */
  readonly baseline: boolean;
  /** messages in a round as a multiple of the plan's: the fast ones take more, so that a round is no shorter */
  readonly times: number;
  /** ratios that it should reach, printed beside those that it did */
  readonly marks?: readonly Mark[];
  /** Starts its servers and both of its ends; whatever fails, nothing is left running. */
  open(plan: Plan): Promise<Course>;
}

export interface Mark {
  /** key of a baseline */
  readonly of: string;
  readonly ratio: number;
}

/** A contender that is ready. Courses of all contenders take turns: a round of each, then the next round. */
export interface Course {
  run(pass: Pass): Promise<Result>;
  close(): Promise<void>;
}

export interface Result {
  readonly counts: Counts;
  /** from the first send until the last message was acknowledged */
  readonly seconds: number;
  /** meanwhile; empty where there is no /proc */
  readonly cpu: readonly { readonly process: string; readonly seconds: number }[];
  /** lines for the end of the report, of the last round: where the time goes, say */
  readonly notes?: readonly string[];
}
