import type { FatedCommand } from './fated-command';

interface Waiting {
  readonly command: FatedCommand;
  /** of `performance.now` */
  readonly readyAt: number;
}

/**
 * Holds delayed commands, session by session: a delayed command holds what the same session says after it, so that its
 * order stays, and nothing of other sessions. Each waits its own time since it came, or until the one before it goes.
 */
export class DelayLine {
  private readonly sessions = new Map<string, { waiting: Waiting[]; timer: NodeJS.Timeout }>();

  constructor(private readonly onReady: (commands: readonly FatedCommand[]) => void) {}

  get isEmpty(): boolean {
    return this.sessions.size === 0;
  }

  /** Whether something of the session waits, so that the rest of it has to. */
  holds(session: string): boolean {
    return this.sessions.has(session);
  }

  hold(command: FatedCommand, delayMs: number): void {
    const session = command.session.name;
    const line = this.sessions.get(session);
    const entry = { command, readyAt: performance.now() + delayMs };
    if (line) line.waiting.push(entry);
    else this.sessions.set(session, { waiting: [entry], timer: this.wait(session, delayMs) });
  }

  /** A session that has ended. */
  forget(session: string): void {
    clearTimeout(this.sessions.get(session)?.timer);
    this.sessions.delete(session);
  }

  /** Lets everything go at once. */
  release(): void {
    for (const [session, { waiting }] of [...this.sessions]) {
      this.forget(session);
      this.onReady(waiting.map(({ command }) => command));
    }
  }

  private wait(session: string, ms: number): NodeJS.Timeout {
    return setTimeout(() => this.goOn(session), ms);
  }

  private goOn(session: string): void {
    const line = this.sessions.get(session);
    if (!line) return;
    const { waiting } = line;
    const now = performance.now();
    // the first is ready, whatever the clocks say
    const still = waiting.findIndex(({ readyAt }, index) => index > 0 && readyAt > now);
    const ready = still < 0 ? waiting.splice(0) : waiting.splice(0, still);
    const next = waiting[0];
    if (next) line.timer = this.wait(session, Math.max(next.readyAt - now, 0));
    else this.sessions.delete(session);
    this.onReady(ready.map(({ command }) => command));
  }
}
