import type { StoredProfile } from './group';

export type MembershipStatus = 'Reading' | 'Joined' | 'NoRelays' | 'Broken';

/** A member's own view of a group. */
export interface Membership {
  readonly groupLink: string;
  readonly memberName: string;
  readonly memberId: string;
  /** base64url of the member's public key, X.509 DER; the same towards every relay */
  readonly memberKey: string;
  readonly profile?: StoredProfile;
  readonly relayLinks?: readonly string[];
  readonly reason?: string;
}

export function membershipId(memberName: string, groupLink: string): string {
  return `${memberName}/${groupLink}`;
}

export function groupLinkOf(membershipId: string): string {
  return membershipId.slice(membershipId.indexOf('/') + 1);
}
