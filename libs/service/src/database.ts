import { setTimeout as sleep } from 'node:timers/promises';

/** What a service needs of its data source; TypeORM's is one. */
export interface Database {
  query(statement: string): Promise<unknown>;
  destroy(): Promise<void>;
}

/** PostgreSQL did not answer in time; the message is a sentence for an operator. */
class DatabaseUnreachable extends Error {
  override readonly name = 'DatabaseUnreachable';
}

/** it is not there yet, is starting, or has no connection to spare */
const passing = /^(ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|57P03|53300)$/;
const pauseMs = 250;

/**
 * Opens the database, waiting for it to come up.
 * @throws {DatabaseUnreachable} after `timeoutMs`; at once whatever waiting does not mend, such as a wrong password
 */
export async function openDatabase<D extends Database>(
  open: () => Promise<D>,
  url: string,
  timeoutMs: number,
): Promise<D> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    try {
      return await open();
    } catch (error) {
      const { code } = error as { code?: unknown };
      if (typeof code !== 'string' || !passing.test(code)) throw error;
      if (Date.now() + pauseMs > deadline) {
        throw new DatabaseUnreachable(
          `PostgreSQL at ${new URL(url).host} did not answer within ${timeoutMs / 1_000} s (${code}): start it or correct DATABASE_URL`,
          { cause: error },
        );
      }
      await sleep(pauseMs);
    }
  }
}
