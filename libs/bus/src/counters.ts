/** How requests and events ended. `replied`: well; the other words are the codes of refusals and faults. */
export interface RequestCount {
  readonly subject: string;
  readonly outcome: string;
  readonly count: number;
}

/** Counts that only grow; for a metrics page to read. */
export class RequestCounters {
  private readonly counts = new Map<string, Map<string, number>>();

  add(subject: string, outcome: string): void {
    const outcomes = this.counts.get(subject) ?? new Map<string, number>();
    this.counts.set(subject, outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1));
  }

  list(): RequestCount[] {
    return [...this.counts].flatMap(([subject, outcomes]) =>
      [...outcomes].map(([outcome, count]) => ({ subject, outcome, count })),
    );
  }
}
