/** µs of CPU that one run takes, of this process with all its threads. */
export function cpuPerRun(run: () => unknown, runs: number): number {
  const before = process.cpuUsage();
  for (let done = 0; done < runs; done++) run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / runs;
}

/** How many runs take about so many µs, once the code is warm, which it is afterwards. */
export function runsFor(microseconds: number, run: () => unknown): number {
  let runs = 1;
  while (cpuPerRun(run, runs) * runs < microseconds / 2) runs *= 2;
  return Math.max(1, Math.round(microseconds / Math.max(0.001, cpuPerRun(run, runs))));
}
