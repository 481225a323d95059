import type { ProtocolName } from '@chat-relays/protocol';
import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Plan } from './plan';
import type { Range, RangeResult, Runner } from './ranges';

/** Seeds to run. */
export interface RangeTask {
  readonly range: Range;
  readonly plan: Plan;
  readonly points: ReadonlyMap<string, number>;
}

/** A row of a protocol, by its number among those that can be deleted: what notices that it is not there. */
export interface DeletionTask {
  readonly deleted: number;
  readonly protocol: ProtocolName;
  readonly points: ReadonlyMap<string, number>;
}

/** What a thread is asked. */
export type Task = RangeTask | DeletionTask;

/** A run makes much that is soon forgotten: with V8's 16 MB the threads would spend their time on collecting it. */
const YOUNG_MB = 64;

/** The build's, also when this file itself is not: threads know no TypeScript. */
const WORKER = join(__dirname, '..', '..', 'dist', 'worker.js');

/** Threads that run simulations. They are of this process: when it ends, however it ends, they do. */
export class WorkerThreads {
  private readonly threads: Worker[];

  constructor(count: number) {
    const resourceLimits = { maxYoungGenerationSizeMb: YOUNG_MB };
    this.threads = Array.from({ length: count }, () => new Worker(WORKER, { resourceLimits }));
  }

  /** @throws what a thread died of */
  runners(plan: Plan, points: ReadonlyMap<string, number>): Runner[] {
    return this.threads.map((thread) => (range) => answer<RangeResult>(thread, { range, plan, points }));
  }

  /**
   * What notices that a row is not there, for each of the first `count` rows of a protocol that can be deleted.
   * @throws what a thread died of
   */
  async complaints(
    count: number,
    protocol: ProtocolName,
    points: ReadonlyMap<string, number>,
  ): Promise<(string | undefined)[]> {
    const complaints: (string | undefined)[] = [];
    let next = 0;
    const work = async (thread: Worker): Promise<void> => {
      while (next < count) {
        const deleted = next++;
        complaints[deleted] = await answer(thread, { deleted, protocol, points });
      }
    };
    await Promise.all(this.threads.map(work));
    return complaints;
  }

  async end(): Promise<void> {
    await Promise.all(this.threads.map((thread) => thread.terminate()));
  }
}

async function answer<T>(thread: Worker, task: Task): Promise<T> {
  thread.postMessage(task);
  const [result] = (await once(thread, 'message')) as [T];
  return result;
}
