import { isDeepStrictEqual } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { TemporaryError } from '@chat-relays/agent';
import { RequestFailed } from '@chat-relays/bus';

const POLL_MS = 50;
const PATIENCE_MS = 180_000;

/** Looks until it is as expected, and fails with the last look where that does not come. Services may be away meanwhile. */
export async function converges<T>(look: () => Promise<T>, expected: T): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  let last: unknown;
  do {
    last = await look().catch((error: unknown) => {
      if (error instanceof RequestFailed || error instanceof TemporaryError) return error.message;
      throw error;
    });
    if (isDeepStrictEqual(last, expected)) return;
    await sleep(POLL_MS);
  } while (Date.now() < deadline);
  expect(last).toEqual(expected);
}
