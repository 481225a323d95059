import { execFileSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { WorkerThreads } from '../src/runs/worker-threads';

/** Threads on the build of now, one for each core. */
export function builtThreads(): WorkerThreads {
  execFileSync(process.execPath, [require.resolve('typescript/bin/tsc'), '-b', join(__dirname, '..')], {
    stdio: 'inherit',
  });
  return new WorkerThreads(availableParallelism());
}
