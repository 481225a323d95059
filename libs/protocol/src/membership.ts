import type { StoredProfile } from './group';

export type MembershipStatus = 'Reading' | 'Joined' | 'NoRelays' | 'Broken';

/** A member looks at the group link because it is time, because a relay said that it is removed, or because it wishes to. */
export type Look = 'due' | 'told' | 'wished';

/** A member's own view of a group. */
export interface Membership {
  readonly groupLink: string;
  readonly memberName: string;
  readonly memberId: string;
  /** base64url of the member's public key, X.509 DER; the same towards every relay */
  readonly memberKey: string;
  /** base64url of 32 bytes, from which the key is made */
  readonly memberSeed: string;
  /** of the group, as its link says */
  readonly protocol?: string;
  /** base64url */
  readonly publicGroupId?: string;
  readonly profile?: StoredProfile;
  /** the relays that the group link listed when it was read last */
  readonly relayLinks?: readonly string[];
  /** relays that were not in it for the first time; those that are not the second time are dropped */
  readonly missing?: readonly string[];
  readonly dropped?: readonly string[];
  /** why the link is being read, or was last */
  readonly look?: Look;
  /** wished by the member: connections that seem to work are made anew, too */
  readonly anew?: true;
  readonly reason?: string;
}

export function membershipId(memberName: string, groupLink: string): string {
  return `${memberName}/${groupLink}`;
}

export function groupLinkOf(membershipId: string): string {
  return membershipId.slice(membershipId.indexOf('/') + 1);
}
