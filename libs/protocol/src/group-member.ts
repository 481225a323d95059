import type { StoredProfile } from './group';

/** The relay's view of one member: `New` until the acceptance is in the member's queue. */
export type GroupMemberStatus = 'New' | 'Accepted' | 'Connected' | 'Gone' | 'Broken';

export interface GroupMember {
  readonly relayOwnId: string;
  readonly profile: StoredProfile;
  readonly relayMemberId: string;
  readonly memberId: string;
  readonly memberName: string;
  readonly memberKey: string;
  readonly reason?: string;
}

/** A repeated x.member finds the same record. */
export function groupMemberId(relayOwnId: string, memberId: string): string {
  return `${relayOwnId}/${memberId}`;
}

/** Statuses of the members that the relay forwards to. */
export const receiving: readonly GroupMemberStatus[] = ['Accepted', 'Connected'];
