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
  /** the queue that the request is answered on: another one is another request */
  readonly replyTo: string;
  /** the relay link that it came over, and the member's attempt: one that comes after a later one is late */
  readonly viaLink?: string;
  readonly attempt?: number;
  readonly reason?: string;
}

/** Facts of x.member. */
export interface MemberAsked extends Omit<GroupMember, 'reason'> {
  /** the relay may accept members */
  readonly serving: boolean;
  /** signed with the member's key, for this relay link */
  readonly proven: boolean;
}

/** A repeated x.member finds the same record. */
export function groupMemberId(relayOwnId: string, memberId: string): string {
  return `${relayOwnId}/${memberId}`;
}

/** Statuses of the members that the relay forwards to. */
export const receiving: readonly GroupMemberStatus[] = ['Accepted', 'Connected'];
