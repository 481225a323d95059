import { parentPort } from 'node:worker_threads';
import { runRange } from './ranges';
import type { Task } from './worker-threads';

const port = parentPort!;

port.on('message', ({ range, plan, points }: Task) => {
  void runRange(range, plan, points).then((result) => port.postMessage(result));
});
