import { parentPort } from 'node:worker_threads';
import { runRange } from './runs/ranges';
import { complaint, deletableRows, without } from './judges/row-deletion';
import type { Task } from './runs/worker-threads';

const port = parentPort!;

port.on('message', (task: Task) => {
  void carryOut(task).then((result) => port.postMessage(result));
});

function carryOut(task: Task): Promise<unknown> {
  if ('range' in task) return runRange(task.range, task.plan, task.points);
  const { deleted, protocol, points } = task;
  return without(deletableRows(protocol)[deleted], () => complaint(protocol, points));
}
