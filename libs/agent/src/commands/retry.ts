/** Intervals of facts/smp.md 4.4: they stay at `initialMs` for a while, then grow by half, and stop growing at `maxMs`. */
export interface RetryPolicy {
  readonly initialMs: number;
  readonly maxMs: number;
}

/** As SMP's agents send messages. */
export const defaultRetry: RetryPolicy = { initialMs: 2_000, maxMs: 120_000 };

/** They grow once so many times the first interval has passed: 10 s where that is 2 s. */
const STEADY = 5;
const GROWTH = 1.5;

/** The interval before try number `tries + 1`, in ms. */
export function backoff(tries: number, { initialMs, maxMs }: RetryPolicy): number {
  return Math.round(Math.min(maxMs, initialMs * GROWTH ** Math.max(0, tries - STEADY)));
}

/** Clocks of two processes with the same work; also longer than a lease. */
const CLOCKS_DIFFER_MS = 60_000;

/** Nothing waits for longer than until then, unless a clock was ahead when it was postponed. */
export function latestRetry(now: number, { maxMs }: RetryPolicy): number {
  return now + maxMs + CLOCKS_DIFFER_MS;
}
