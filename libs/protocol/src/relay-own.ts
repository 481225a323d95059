import type { StoredProfile } from './group';

/** The relay's own status in a group that it serves (`GROS…` in the RFC). */
export type GroupRelayOwnStatus =
  'Invited' | 'LinkCreated' | 'Accepted' | 'Notified' | 'Confirmed' | 'Broken';

export interface RelayOwn {
  readonly groupLink: string;
  readonly relayName: string;
  readonly ownerMemberId: string;
  readonly ownerName: string;
  /** the relay's member id, assigned by the owner */
  readonly relayMemberId: string;
  readonly relayLink?: string;
  /** as x.grp.info brought it (step 9) */
  readonly profile?: StoredProfile;
  readonly reason?: string;
}

/** A repeated invitation to the same group finds the same record, so there is one relay link per group and relay. */
export function relayOwnId(relayName: string, groupLink: string): string {
  return `${relayName}/${groupLink}`;
}

/** RFC note: contact requests to the relay link are rejected until the relay is confirmed. */
export function acceptsMembers(status: string | undefined): boolean {
  return status === 'Confirmed';
}

/** Step 16: a relay forwards for the groups in which it is confirmed. */
export function acceptsPosts(status: string): boolean {
  return status === 'Confirmed';
}
