import type { Counts, Pass } from './tally';

/** What both ends of a course are told when it is opened. */
export interface Setting {
  readonly natsUrl: string;
  readonly queues: number;
  /** bytes of each body */
  readonly size: number;
}

/** Unix ms with fractions, the same clock in every process. */
export const clock = (): number => performance.timeOrigin + performance.now();

/** The receiving side of a contender, in a process of its own, which is killed when it is not needed any more. */
export interface ReceivingEnd {
  /** Connects, makes queues; its answer, which has to survive IPC, is what the sender needs to know. */
  open(setting: Setting): Promise<unknown>;
  /** A new pass; once this resolves the sender may begin. */
  expect(pass: Pass): Promise<void>;
  /** Resolves when everything was received and acknowledged, or when nothing came for 10 s. */
  finish(): Promise<Received>;
}

export interface Received {
  readonly counts: Counts;
  /** by `clock`: when the last message was acknowledged */
  readonly ended: number;
  readonly notes?: readonly string[];
}

/** The sending side of a contender, in a process of its own. */
export interface SendingEnd {
  /** @param told what the receiver answered */
  open(setting: Setting, told: unknown): Promise<void>;
  /** Resolves when everything was sent and, where the contender does so, acknowledged. */
  send(pass: Pass): Promise<Sent>;
}

/** By `clock`: the first message, and the last or its acknowledgement. */
export interface Sent {
  readonly began: number;
  readonly ended: number;
}
