import { spawn } from 'node:child_process';
import type { Writable } from 'node:stream';
import { join } from 'node:path';
import { markOf, type ProcessMark } from './process-identity';

/** What the warden is told, one JSON line each. */
export type WardenOrder =
  | { order: 'watch'; mark: ProcessMark; signal: NodeJS.Signals; rank: number }
  | { order: 'forget'; pid: number }
  | { order: 'remove'; folder: string };

/** Services are stopped before what they stand on. */
export const rank = { foundation: 0, service: 1 } as const;

/**
 * Makes sure that no process outlives us, even when we are killed with SIGKILL: a small process of its own session
 * that reads orders from a pipe. When the pipe closes, for whatever reason, it stops what it watches and removes
 * the folders it was given.
 */
export class Warden {
  private static instance: Warden | undefined;

  /** The warden of this process; started when first asked for. */
  static shared(): Warden {
    this.instance ??= new Warden();
    return this.instance;
  }

  private readonly orders: Writable;

  private constructor() {
    const child = spawn(process.execPath, [join(__dirname, '../dist/warden-process.js')], {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
      cwd: '/',
      env: {},
    });
    child.unref();
    this.orders = child.stdin;
    (child.stdin as Writable & { unref(): void }).unref();
    child.on('error', () => undefined);
    child.stdin.on('error', () => undefined);
  }

  /** From now on the process is stopped with `signal`, then SIGKILL, should we die. */
  watch(pid: number, signal: NodeJS.Signals, rankOf: number): void {
    const mark = markOf(pid);
    if (mark) this.give({ order: 'watch', mark, signal, rank: rankOf });
  }

  /** The process has ended by itself or was stopped by us. */
  forget(pid: number): void {
    this.give({ order: 'forget', pid });
  }

  /** The folder is removed when we have gone and all watched processes have ended. */
  removeAtEnd(folder: string): void {
    this.give({ order: 'remove', folder });
  }

  private give(order: WardenOrder): void {
    this.orders.write(JSON.stringify(order) + '\n');
  }
}
