import { cpus } from 'node:os';
import { SetupError } from '@chat-relays/tools';
import { median } from '../median';
import { ensureAgreement } from './agreement';
import { cpuPerRun, runsFor } from './cpu-time';
import { libsodiumWrappers } from './libsodium-wrappers';
import { noble } from './noble';
import { nodeCrypto } from './node-crypto';
import { type Library, type Operation, operations } from './operation';
import { type Costs, reportLines } from './report';
import { sodiumNative } from './sodium-native';
import { tweetnacl } from './tweetnacl';

const ROUNDS = 15;
/** µs of CPU for each operation, library and round */
const ROUND = 15_000;

/** What each library takes for each operation of SMP; about 15 s. @throws {Error} where two give different bytes */
export async function benchCrypto(args: readonly string[]): Promise<void> {
  if (args.length > 0) throw new SetupError(`"${args[0]}" is not known; npm run bench:crypto takes nothing.`);
  const libraries = [sodiumNative(), nodeCrypto(), await libsodiumWrappers(), await noble(), tweetnacl()];
  ensureAgreement(libraries);
  console.log(
    `All ${libraries.length} libraries give the same bytes; µs of CPU for each operation, ×: of the fastest\n` +
      `${cpus()[0]?.model.trim() ?? 'unknown'}, Node ${process.version}, median of ${ROUNDS} rounds of ${ROUND / 1_000} ms\n`,
  );
  const costs = operations.map((operation) => costsOf(operation, libraries));
  console.log(
    reportLines(
      libraries.map(({ name }) => name),
      costs,
    ).join('\n'),
  );
}

/** The libraries take turns, so that noise of the machine is everybody's. */
function costsOf(operation: Operation, libraries: readonly Library[]): Costs {
  const racers = libraries.flatMap(({ name, runs }) => {
    const run = runs[operation];
    return run ? [{ name, run, runs: runsFor(ROUND, run), times: [] as number[] }] : [];
  });
  for (let round = 0; round < ROUNDS; round++) {
    for (const { run, runs, times } of racers) times.push(cpuPerRun(run, runs));
  }
  return { operation, microseconds: new Map(racers.map(({ name, times }) => [name, median(times)])) };
}
