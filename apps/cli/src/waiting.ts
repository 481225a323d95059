import { setTimeout as sleep } from 'node:timers/promises';
import { dialogueOf, type Noun } from '@chat-relays/protocol';

const LOOK_MS = 200;
const PATIENCE_MS = 60_000;

/** Whether a record in this status goes no further. */
export function hasEnded(noun: Noun, status: string): boolean {
  return dialogueOf('full', noun).ends.includes(status);
}

/** Looks until it has ended, or for a minute; `changed` gets the first look and every one that differs from the one before. */
export async function lookUntil<T>(
  look: () => Promise<T>,
  ended: (seen: T) => boolean,
  changed: (seen: T) => void,
): Promise<T> {
  const deadline = Date.now() + PATIENCE_MS;
  let before = '';
  for (;;) {
    const seen = await look();
    const now = JSON.stringify(seen);
    if (now !== before) changed(seen);
    before = now;
    if (ended(seen) || Date.now() > deadline) return seen;
    await sleep(LOOK_MS);
  }
}
