import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { EndCall, EndReply } from './end-call';
import type { Side } from './ends';

const program = join(__dirname, '../../dist/smp/end-process.js');

interface Asker {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** The process of one end, as the benchmark holds it. */
export class ChildEnd {
  private readonly child: ChildProcess;
  private readonly waiting = new Map<number, Asker>();
  private calls = 0;
  private gone: string | undefined;

  constructor(
    key: string,
    private readonly side: Side,
  ) {
    this.child = fork(program, [key, side], {
      // by it the CPU times are told apart
      env: { SERVICE_INSTANCE: side },
      serialization: 'advanced',
    });
    this.child.on('message', (reply: EndReply) => this.take(reply));
    this.child.once('error', (error) => this.fail(error.message));
    this.child.once('exit', (code, signal) => this.fail(`ended with ${signal ?? code}`));
  }

  /** @throws {Error} what the method threw, or that the process has ended */
  call(method: string, ...args: readonly unknown[]): Promise<unknown> {
    if (this.gone !== undefined) return Promise.reject(new Error(this.gone));
    const id = ++this.calls;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.child.send({ id, method, args } satisfies EndCall);
    });
  }

  async close(): Promise<void> {
    if (this.gone !== undefined) return;
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGKILL');
    await ended;
  }

  private take(reply: EndReply): void {
    const asker = this.waiting.get(reply.id);
    this.waiting.delete(reply.id);
    if ('error' in reply) asker?.reject(new Error(`${this.side}: ${reply.error}`));
    else asker?.resolve(reply.value);
  }

  private fail(reason: string): void {
    this.gone ??= `the ${this.side} ${reason}`;
    for (const { reject } of this.waiting.values()) reject(new Error(this.gone));
    this.waiting.clear();
  }
}
