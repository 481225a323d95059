import type { ProtocolName } from '@chat-relays/protocol';
import type { Faults } from '../faults/faults';
import { rowsOf } from '../runs/plan';

/** How often: by row and the status that it fired from, by failpoint that a process died at. */
export interface Counts {
  readonly rows: ReadonlyMap<string, number>;
  readonly crashes: ReadonlyMap<string, number>;
}

/** What many runs reached together. */
export class Coverage {
  private readonly rows = new Map<string, number>();
  private readonly crashes = new Map<string, number>();

  constructor(
    private readonly protocol: ProtocolName,
    private readonly points: readonly string[],
  ) {}

  addRows({ fired }: { readonly fired: ReadonlyMap<string, number> }): void {
    for (const [row, times] of fired) this.rows.set(row, (this.rows.get(row) ?? 0) + times);
  }

  /** What was reached somewhere else. */
  addCounts({ rows, crashes }: Counts): void {
    this.addRows({ fired: rows });
    for (const [point, times] of crashes) this.crashes.set(point, (this.crashes.get(point) ?? 0) + times);
  }

  get counts(): Counts {
    return { rows: this.rows, crashes: this.crashes };
  }

  add({ fired, crashedAt }: Pick<Faults, 'fired' | 'crashedAt'>): void {
    this.addRows({ fired });
    for (const point of crashedAt) this.crashes.set(point, (this.crashes.get(point) ?? 0) + 1);
  }

  get missingRows(): string[] {
    return rowsOf(this.protocol).filter((row) => !this.rows.has(row));
  }

  get missingCrashes(): string[] {
    return this.points.filter((point) => !this.crashes.has(point));
  }

  table(): string {
    const lines = (names: readonly string[], counts: ReadonlyMap<string, number>): string[] =>
      names.map((name) => `${String(counts.get(name) ?? 0).padStart(9)}  ${name}`);
    const rows = rowsOf(this.protocol);
    return [
      `rows fired: ${rows.length - this.missingRows.length} of ${rows.length}`,
      ...lines(rows, this.rows),
      `crashed at: ${this.points.length - this.missingCrashes.length} of ${this.points.length} failpoints`,
      ...lines(this.points, this.crashes),
    ].join('\n');
  }
}
