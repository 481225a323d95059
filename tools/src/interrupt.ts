import { constants } from 'node:os';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs `stop` once when the user or the system asks us to end, then ends with the signal's code. A second signal ends
 * us at once; the warden sees to what is left then. Answers a function that takes the handlers off again.
 */
export function onInterrupt(stop: () => Promise<void>): () => void {
  let asked = false;
  const handle = (signal: (typeof signals)[number]): void => {
    const end = (): never => process.exit(128 + constants.signals[signal]);
    if (asked) end();
    asked = true;
    void stop()
      .catch((error: unknown) => console.error(error))
      .finally(end);
  };
  for (const signal of signals) process.on(signal, handle);
  return () => signals.forEach((signal) => process.off(signal, handle));
}
