import { type Counts, type Pass, Tally } from './tally';
import { Silence } from './window';

/** What every receiving end does with what arrives: counts it, until all is there or nothing comes for 10 s. */
export class Arrivals {
  private tally = new Tally({ queues: 0, from: 0, messages: 0 });
  private silence: Silence | undefined;
  private complete: () => void = () => undefined;
  private done: Promise<void> = Promise.resolve();

  expect(pass: Pass): void {
    this.tally = new Tally(pass);
    this.done = new Promise((resolve) => (this.complete = resolve));
    this.silence = new Silence(() => this.complete());
  }

  /** How many different ones there are now. */
  take(queue: number, number: number): number {
    this.tally.take(queue, number);
    this.silence?.broken();
    if (this.isComplete) this.complete();
    return this.tally.received;
  }

  get isComplete(): boolean {
    return this.tally.received === this.tally.expected;
  }

  async finish(): Promise<Counts> {
    await this.done;
    this.silence?.end();
    return this.tally.counts();
  }
}
