import { writeSync } from 'node:fs';
import { flush } from '@chat-relays/telemetry';

/** Reached at a named point of the work; resolves at once, or never, because the process dies there. */
export type Failpoint = (name: string) => Promise<void>;

const survived = Promise.resolve();
const stderr = 2;

/**
 * @param setting of the variable FAILPOINT: `<name>:<n>` kills the process with SIGKILL the n-th time that `name` is reached,
 * once it has said so on stderr and sent its spans
 */
export function createFailpoint(setting: string | undefined): Failpoint {
  if (setting === undefined) return () => survived;
  const separator = setting.lastIndexOf(':');
  const fatal = setting.slice(0, separator);
  let left = Number(setting.slice(separator + 1));
  return async (name) => {
    if (name !== fatal || --left !== 0) return;
    writeSync(stderr, `FAILPOINT ${setting} reached\n`);
    await flush();
    process.kill(process.pid, 'SIGKILL');
    await new Promise<never>(() => undefined);
  };
}
