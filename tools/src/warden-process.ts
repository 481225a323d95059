import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { isRunning, signalProcess, waitGone, type ProcessMark } from './process-identity';
import type { WardenOrder } from './warden';

const graceMilliseconds = 5_000;

interface Watched {
  mark: ProcessMark;
  signal: NodeJS.Signals;
  rank: number;
}

const watched = new Map<number, Watched>();
const folders = new Set<string>();

function obey(order: WardenOrder): void {
  if (order.order === 'watch') watched.set(order.mark.pid, order);
  else if (order.order === 'forget') watched.delete(order.pid);
  else folders.add(order.folder);
}

async function stop({ mark, signal }: Watched): Promise<void> {
  if (!isRunning(mark)) return;
  signalProcess(mark.pid, signal);
  if (await waitGone(mark, graceMilliseconds)) return;
  signalProcess(mark.pid, 'SIGKILL');
  await waitGone(mark, graceMilliseconds);
}

async function stopAll(): Promise<void> {
  const ranks = [...new Set([...watched.values()].map((w) => w.rank))].sort((a, b) => b - a);
  for (const rank of ranks) {
    await Promise.allSettled([...watched.values()].filter((w) => w.rank === rank).map(stop));
  }
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

createInterface({ input: process.stdin })
  .on('line', (line) => obey(JSON.parse(line) as WardenOrder))
  .on('close', () => void stopAll().finally(() => process.exit(0)));
