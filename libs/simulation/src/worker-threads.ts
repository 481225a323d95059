import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Plan } from './plan';
import type { Range, RangeResult, Runner } from './ranges';

/** What a thread is asked. */
export interface Task {
  readonly range: Range;
  readonly plan: Plan;
  readonly points: ReadonlyMap<string, number>;
}

/** A run makes much that is soon forgotten: with V8's 16 MB the threads would spend their time on collecting it. */
const YOUNG_MB = 64;

/** Threads that run ranges of seeds. They are of this process: when it ends, however it ends, they do. */
export class WorkerThreads {
  private readonly threads: Worker[];

  constructor(count: number) {
    const resourceLimits = { maxYoungGenerationSizeMb: YOUNG_MB };
    this.threads = Array.from(
      { length: count },
      () => new Worker(join(__dirname, 'worker.js'), { resourceLimits }),
    );
  }

  /** @throws what a thread died of */
  runners(plan: Plan, points: ReadonlyMap<string, number>): Runner[] {
    return this.threads.map((thread) => async (range) => {
      thread.postMessage({ range, plan, points } satisfies Task);
      const [result] = (await once(thread, 'message')) as [RangeResult];
      return result;
    });
  }

  async end(): Promise<void> {
    await Promise.all(this.threads.map((thread) => thread.terminate()));
  }
}
