import { type Library, type Operation, operations } from './operation';

/** @throws {Error} naming the first operation for which two libraries give different bytes, or the same library twice */
export function ensureAgreement(libraries: readonly Library[]): void {
  for (const operation of operations) ensureSame(operation, libraries);
}

function ensureSame(operation: Operation, libraries: readonly Library[]): void {
  let first: { readonly name: string; readonly bytes: Buffer } | undefined;
  for (const { name, runs } of libraries) {
    const run = runs[operation];
    for (let time = 0; run && time < 2; time++) {
      const bytes = Buffer.from(run());
      first ??= { name, bytes };
      if (!bytes.equals(first.bytes)) throw new Error(`${operation}: ${name} and ${first.name} disagree.`);
    }
  }
  if (!first) throw new Error(`${operation}: there is no library that can.`);
}
