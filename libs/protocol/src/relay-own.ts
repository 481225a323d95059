import type { StoredProfile } from './group';
import type { Requested } from './request';

/** The relay's own status in a group that it serves (`GROS…` in the RFC). */
export type GroupRelayOwnStatus =
  'Invited' | 'Validated' | 'LinkCreated' | 'Accepted' | 'Notified' | 'Confirmed' | 'Removed' | 'Broken';

export interface RelayOwn extends Requested {
  readonly groupLink: string;
  readonly relayName: string;
  readonly ownerMemberId: string;
  readonly ownerName: string;
  /** the relay's member id, assigned by the owner */
  readonly relayMemberId: string;
  /** base64url of the key that signed the invitation, X.509 DER */
  readonly ownerKey?: string;
  /** the group link names this key among its owners */
  readonly ownerProven?: boolean;
  /** base64url: the group as the invitation named it */
  readonly publicGroupId?: string;
  readonly relayLink?: string;
  /** as the invitation, x.grp.info or the group link brought it */
  readonly profile?: StoredProfile;
  /** it was listed when it was looked for */
  readonly listedBefore?: boolean;
  /** times in a row that it was not */
  readonly unlisted?: number;
  readonly reason?: string;
  /** times that it began from the start again: a member is one of one life */
  readonly life?: number;
}

/** Statuses in which the relay has deleted its link, and serves nobody. */
export const unlinked: readonly GroupRelayOwnStatus[] = ['Removed', 'Broken'];

/** Facts of x.grp.relay.inv. */
export type RelayInvited = Pick<
  RelayOwn,
  | 'groupLink'
  | 'relayName'
  | 'ownerMemberId'
  | 'ownerName'
  | 'relayMemberId'
  | 'replyTo'
  | 'attempt'
  | 'ownerKey'
  | 'publicGroupId'
  | 'profile'
>;

/** A repeated invitation to the same group finds the same record, so there is one relay link per group and relay. */
export function relayOwnId(relayName: string, groupLink: string): string {
  return `${relayName}/${groupLink}`;
}
