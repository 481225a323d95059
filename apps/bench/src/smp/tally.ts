/** One round: messages `from` up to `from + messages - 1` of every queue. */
export interface Pass {
  readonly queues: number;
  readonly from: number;
  readonly messages: number;
}

/** What became of the messages of a pass; exact counts. */
export interface Counts {
  readonly expected: number;
  readonly received: number;
  readonly lost: number;
  readonly duplicated: number;
  /** came after a later message of the same queue */
  readonly reordered: number;
  /** altered, or of no queue or number of this pass */
  readonly strange: number;
}

/** Counts arrivals of a pass, each in constant time. */
export class Tally {
  received = 0;
  private duplicated = 0;
  private reordered = 0;
  private strange = 0;
  private readonly seen: Uint8Array;
  /** by queue: one more than the highest number that came, less `from` */
  private readonly reached: Uint32Array;

  constructor(private readonly pass: Pass) {
    this.seen = new Uint8Array(this.expected);
    this.reached = new Uint32Array(pass.queues);
  }

  get expected(): number {
    return this.pass.queues * this.pass.messages;
  }

  /** @param queue ALTERED and any other that is none of this pass are strange */
  take(queue: number, number: number): void {
    const { queues, from, messages } = this.pass;
    const at = number - from;
    if (queue < 0 || queue >= queues || at < 0 || at >= messages) {
      this.strange++;
      return;
    }
    const index = queue * messages + at;
    if (this.seen[index] === 1) {
      this.duplicated++;
      return;
    }
    this.seen[index] = 1;
    this.received++;
    if (at < this.reached[queue]) this.reordered++;
    else this.reached[queue] = at + 1;
  }

  counts(): Counts {
    const { expected, received, duplicated, reordered, strange } = this;
    return { expected, received, lost: expected - received, duplicated, reordered, strange };
  }
}
