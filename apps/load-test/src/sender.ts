import { setTimeout as sleep } from 'node:timers/promises';
import type { Channel } from '@chat-relays/tools';
import type { Arrivals, Arrived } from './arrivals';
import type { Bar } from './bar';
import type { Ledger } from './ledger';
import type { Pace } from './pace';
import type { Plan } from './plan';
import { textOf, textsPerRequest } from './text';

const LOOK_MS = 50;
const PAUSE_MS = 2;

/** Sends the messages of a plan, in order, one request at a time: what is due meanwhile goes together in the next. */
export class Sender {
  private sent = 0;
  private ended = false;
  private arrived: Arrived | undefined;

  constructor(
    private readonly plan: Plan,
    private readonly pace: Pace,
    private readonly channel: Channel,
    private readonly arrivals: Arrivals,
    private readonly ledger: Ledger,
  ) {}

  /** Answers the unix ms at which the first message was due. */
  async run(bar: Bar): Promise<number> {
    const begin = Date.now();
    try {
      await Promise.all([this.sendAll(begin), this.look(bar)]);
    } finally {
      this.ended = true;
    }
    return begin;
  }

  private get goesOn(): boolean {
    return !this.ended && this.sent < this.plan.messages;
  }

  private async sendAll(begin: number): Promise<void> {
    while (this.goesOn) {
      const { received = 0, duplicates = 0 } = this.arrived ?? {};
      const standing = { elapsed: Date.now() - begin, copies: received + duplicates };
      const count = Math.min(this.pace.allowed(standing) - this.sent, textsPerRequest(this.plan.size));
      if (count > 0) await this.send(count, begin);
      else await sleep(PAUSE_MS);
    }
  }

  private async send(count: number, begin: number): Promise<void> {
    const numbers = Array.from({ length: count }, (_, index) => this.sent + index);
    const issued = Date.now();
    const ids = await this.channel.send(numbers.map((number) => textOf(number, this.plan.size)));
    for (const [index, number] of numbers.entries()) {
      const due = this.pace.dueAt(number);
      this.ledger.note(ids[index], number, due === undefined ? issued : begin + due);
    }
    this.sent += count;
  }

  private async look(bar: Bar): Promise<void> {
    while (this.goesOn) {
      this.arrived = await this.arrivals.look();
      bar.at(this.sent, `${this.arrived.received} deliveries, ${this.arrived.duplicates} duplicates dropped`);
      await sleep(LOOK_MS);
    }
  }
}
