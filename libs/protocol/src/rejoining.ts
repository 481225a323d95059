import type { MemberConnection } from './member-connection';
import type { Look } from './membership';

/** How often a relay let a member down, of late, and how long that waits for it. */
export type Pace = Pick<MemberConnection, 'lapses' | 'waits'>;

interface Listing {
  readonly look?: Look;
}

/** Beyond so many lapses the wait grows no more: 32 looks, which are 8 h where one is every 15 min. */
const MOST_LAPSES = 7;

/**
 * After the first lapse any look leads back to the relay, also the one that follows at once; after more of them only looks
 * that are made because it is time: the first, the second, the fourth, …
 */
export function lapsed({ lapses = 0 }: Pace): Pace {
  const now = Math.min(lapses + 1, MOST_LAPSES);
  return { lapses: now, waits: now < 2 ? 0 : 2 ** (now - 2) };
}

/** A relay that is there whenever the member looks is forgiven one lapse by each look. */
export function forgiven({ lapses = 0 }: Pace): Pace {
  return { lapses: lapses - 1 };
}

export function isForgiven({ look }: Listing, { lapses = 0 }: Pace): boolean {
  return look === 'due' && lapses > 0;
}

/** Whether a relay that let the member down is joined again by this look. */
export function isJoinedBy({ look }: Listing, { waits = 0 }: Pace): boolean {
  return waits === 0 || look === 'wished' || (look === 'due' && waits === 1);
}

export function isAwaited({ look }: Listing, { waits = 0 }: Pace): boolean {
  return look === 'due' && waits > 1;
}

export function waited({ waits = 0 }: Pace): Pace {
  return { waits: waits - 1 };
}
