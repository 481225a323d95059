import type { Pass } from './tally';

const LOOK_MS = 1_000;
const LOOKS = 10;

/** Sends a pass in turn to every queue, at most `size` messages ahead of what was acknowledged. */
export class Window {
  private sent = 0;
  private acknowledgedCount = 0;
  private resolve: () => void = () => undefined;
  readonly done = new Promise<void>((resolve) => (this.resolve = resolve));
  private readonly silence: Silence;

  constructor(
    private readonly pass: Pass,
    private readonly size: number,
    private readonly send: (queue: number, number: number) => void,
  ) {
    this.silence = new Silence(() => this.resolve());
  }

  /** Begins; done when the last message was acknowledged, or when nothing was for 10 s. */
  run(): Promise<void> {
    this.fill();
    return this.done.finally(() => this.silence.end());
  }

  /** @param count all that was acknowledged so far in this pass */
  acknowledged(count: number): void {
    this.acknowledgedCount = count;
    this.silence.broken();
    if (count >= this.total) this.resolve();
    else this.fill();
  }

  private get total(): number {
    return this.pass.queues * this.pass.messages;
  }

  private fill(): void {
    const { queues, from } = this.pass;
    for (; this.sent < Math.min(this.total, this.acknowledgedCount + this.size); this.sent++) {
      this.send(this.sent % queues, from + Math.floor(this.sent / queues));
    }
  }
}

/** Calls back when nothing has happened for 10 s. */
export class Silence {
  private looks = 0;
  private readonly timer: NodeJS.Timeout;

  constructor(heard: () => void) {
    this.timer = setInterval(() => {
      if (++this.looks > LOOKS) heard();
    }, LOOK_MS);
  }

  /** Costs nothing: it is called for every message. */
  broken(): void {
    this.looks = 0;
  }

  end(): void {
    clearInterval(this.timer);
  }
}
