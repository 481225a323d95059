import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { repositoryRoot } from '@chat-relays/tools';

/** `npm run chat` as a person runs it, with what it says line by line. */
export class Terminal {
  readonly lines: string[] = [];
  readonly errors: string[] = [];
  private readonly child: ChildProcess;
  private readonly closed: Promise<number | null>;
  private readonly onLine = new Set<() => void>();

  constructor(natsUrl: string, ...command: string[]) {
    this.child = spawn(process.execPath, [join(repositoryRoot, 'apps/cli/dist/main.js'), ...command], {
      env: { ...process.env, NATS_URL: natsUrl },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.closed = new Promise((resolve) => this.child.once('close', resolve));
    createInterface({ input: this.child.stdout! }).on('line', (line) => this.take(this.lines, line));
    createInterface({ input: this.child.stderr! }).on('line', (line) => this.take(this.errors, line));
  }

  /** Resolves when it has said a line like this one. */
  async says(pattern: RegExp): Promise<void> {
    while (!this.lines.some((line) => pattern.test(line))) {
      const next = new Promise<void>((resolve) => this.onLine.add(resolve));
      const ended = await Promise.race([next.then(() => false), this.closed.then(() => true)]);
      if (ended && !this.lines.some((line) => pattern.test(line)))
        throw new Error(`it ended without saying ${pattern}: ${[...this.lines, ...this.errors].join('\n')}`);
    }
  }

  interrupt(): void {
    this.child.kill('SIGINT');
  }

  /** Its exit code, once it has ended. */
  async code(): Promise<number | null> {
    return this.closed;
  }

  private take(into: string[], line: string): void {
    into.push(line);
    for (const resolve of this.onLine) resolve();
    this.onLine.clear();
  }
}
