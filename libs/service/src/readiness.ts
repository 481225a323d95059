import { setTimeout as sleep } from 'node:timers/promises';

type Check = () => Promise<unknown>;

const timeoutMs = 2_000;

/** Whether this process should be given work: it is not stopping, and what it needs answers. */
export class Readiness {
  draining = false;
  private readonly checks = new Map<string, Check>();

  /** @param check fails when what it looks at is not usable; it has two seconds */
  add(name: string, check: Check): void {
    this.checks.set(name, check);
  }

  /** What is wrong with each thing that is needed; `undefined` for nothing. */
  async look(): Promise<Map<string, string | undefined>> {
    const results = [...this.checks].map(async ([name, check]) => [name, await problem(check)] as const);
    return new Map([...(await Promise.all(results)), ['service', this.draining ? 'stopping' : undefined]]);
  }
}

async function problem(check: Check): Promise<string | undefined> {
  const done = new AbortController();
  const late = sleep(timeoutMs, `no answer within ${timeoutMs / 1_000} s`, {
    signal: done.signal,
    ref: false,
  });
  try {
    return await Promise.race([check().then(() => undefined), late]);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    done.abort();
    late.catch(() => undefined);
  }
}
