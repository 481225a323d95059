/** A request is far from the largest payload of NATS, 1 MiB, also where JSON doubles it. */
const REQUEST_BYTES = 250_000;
const MOST_TEXTS = 100;

/** The text of message `number`, counted from 0: its number, then filling up to `size` bytes. */
export function textOf(number: number, size: number): string {
  return `${number} `.padEnd(size, '.');
}

/** How many texts of this size travel in one request, either way. */
export function textsPerRequest(size: number): number {
  return Math.max(1, Math.min(MOST_TEXTS, Math.floor(REQUEST_BYTES / size)));
}
