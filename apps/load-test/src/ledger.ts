import { build, type Histogram } from 'hdr-histogram-js';

/** A row of `member.delivery.list`: member, message id, received at (ms), position. */
export type DeliveryRow = readonly [string, string, number, number];

export interface Tally {
  /** messages times members */
  readonly expected: number;
  /** expected deliveries that were kept, each counted once */
  readonly kept: number;
  readonly lost: number;
  /** the same message kept again by the same member */
  readonly keptTwice: number;
  /** deliveries kept after a later message of the same member */
  readonly outOfOrder: number;
  /** of messages that were not sent, or to members that did not join */
  readonly strange: number;
  /** of the first delivery of each message to each member, in microseconds */
  readonly latency: Histogram;
  /** unix ms at which the last delivery was kept */
  readonly lastReceived: number;
}

interface Got {
  readonly seen: Uint8Array;
  highest: number;
}

/** Every message that was sent against every delivery that was kept. */
export class Ledger {
  private readonly sent = new Map<string, { readonly number: number; readonly at: number }>();
  private readonly got: Map<string, Got>;
  private readonly latency = build({
    bitBucketSize: 32,
    autoResize: true,
    numberOfSignificantValueDigits: 3,
  });
  private kept = 0;
  private keptTwice = 0;
  private outOfOrder = 0;
  private strange = 0;
  private lastReceived = 0;

  constructor(
    private readonly members: readonly string[],
    private readonly messages: number,
  ) {
    this.got = new Map(members.map((name) => [name, { seen: new Uint8Array(messages), highest: -1 }]));
  }

  /** `at`: unix ms from which the latency of this message counts; messages are counted from 0 */
  note(messageId: string, number: number, at: number): void {
    this.sent.set(messageId, { number, at });
  }

  /** Rows in the order of their positions. */
  take(rows: readonly DeliveryRow[]): void {
    for (const row of rows) this.takeOne(row);
  }

  tally(): Tally {
    const { kept, keptTwice, outOfOrder, strange, latency, lastReceived } = this;
    const expected = this.members.length * this.messages;
    return { expected, kept, lost: expected - kept, keptTwice, outOfOrder, strange, latency, lastReceived };
  }

  private takeOne([member, messageId, receivedAt]: DeliveryRow): void {
    const message = this.sent.get(messageId);
    const got = this.got.get(member);
    if (!message || !got) {
      this.strange++;
      return;
    }
    const { number, at } = message;
    if (got.seen[number]) {
      this.keptTwice++;
      return;
    }
    got.seen[number] = 1;
    this.kept++;
    if (number < got.highest) this.outOfOrder++;
    else got.highest = number;
    this.lastReceived = Math.max(this.lastReceived, receivedAt);
    this.latency.recordValue(Math.max(0, Math.round((receivedAt - at) * 1000)));
  }
}
