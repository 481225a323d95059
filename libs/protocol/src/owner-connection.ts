import type { Requested } from './request';

/** How far a connection is that came over the relay's own link. */
export type OwnerConnectionStatus = 'New' | 'Accepted' | 'Connected' | 'Removed' | 'Broken';

/** The relay's second connection with the owner of a group: the one that messages come on. */
export interface OwnerConnection extends Requested {
  readonly relayOwnId: string;
  readonly reason?: string;
}

const SUFFIX = '/owner';

/** Facts of x.contact. */
export interface OwnerAsked extends Omit<OwnerConnection, 'reason'> {
  /** the relay has the link that the request came over */
  readonly linked: boolean;
}

export function ownerConnectionId(relayOwnId: string): string {
  return `${relayOwnId}${SUFFIX}`;
}

/** The relay's record of the group. */
export function relayOwnOf(ownerConnectionId: string): string {
  return ownerConnectionId.slice(0, -SUFFIX.length);
}
