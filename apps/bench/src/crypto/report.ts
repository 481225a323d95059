import { table } from '@chat-relays/tools';

export interface Costs {
  readonly operation: string;
  /** of CPU for one operation, by library; one that cannot do it is not in here */
  readonly microseconds: ReadonlyMap<string, number>;
}

/** A row for each operation, a column for each library: µs and, in brackets, how many times the fastest. */
export function reportLines(libraries: readonly string[], costs: readonly Costs[]): string[] {
  const rows = costs.map(({ operation, microseconds }) => {
    const fastest = Math.min(...microseconds.values());
    return [operation, ...libraries.map((name) => cell(microseconds.get(name), fastest))];
  });
  return table(['operation', ...libraries], rows).split('\n');
}

function cell(microseconds: number | undefined, fastest: number): string {
  if (microseconds === undefined) return '-';
  return `${digits(microseconds)} (${digits(microseconds / fastest)}×)`;
}

function digits(value: number): string {
  return value < 9.95 ? value.toFixed(1) : String(Math.round(value));
}
