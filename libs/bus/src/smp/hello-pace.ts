/** After so many hellos in vain, requests no longer wait for the next one. */
const PATIENCE = 4;

/** How often a server is greeted that does not answer, and who waits for it. */
export class HelloPace {
  /** hellos since a server last answered a command */
  private attempts = 0;
  private restUntil = 0;

  constructor(private readonly backOffMs: { readonly first: number; readonly last: number }) {}

  /** A hello goes out. */
  begin(): void {
    this.attempts++;
  }

  /** The server answers commands, or has said that it is there. */
  heard(): void {
    this.attempts = 0;
    this.restUntil = 0;
  }

  /** There is no session: the next hello waits longer than the one before. */
  rest(): void {
    if (this.attempts === 0) return;
    const { first, last } = this.backOffMs;
    const wait = Math.min(first * 2 ** (this.attempts - 1), last);
    this.restUntil = performance.now() + wait * (0.75 + Math.random() / 4);
  }

  /** ms until the next hello */
  get wait(): number {
    return Math.max(0, this.restUntil - performance.now());
  }

  /** One that is away for long is told no at once: who asks has others to ask. */
  get hopeless(): boolean {
    return this.attempts > PATIENCE && this.wait > 0;
  }
}
