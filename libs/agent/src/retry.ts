/** Intervals of facts/smp.md 4.4: they start at `initialMs`, grow by half, and stop growing at `maxMs`. */
export interface RetryPolicy {
  readonly initialMs: number;
  readonly maxMs: number;
}

export const defaultRetry: RetryPolicy = { initialMs: 500, maxMs: 60_000 };

/** The interval before try number `tries + 1`, in ms. */
export function backoff(tries: number, { initialMs, maxMs }: RetryPolicy): number {
  return Math.min(maxMs, Math.round(initialMs * 1.5 ** Math.max(0, tries - 1)));
}
