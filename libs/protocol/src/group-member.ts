import type { StoredProfile } from './group';
import type { Requested } from './request';

/** The relay's view of one member: `New` until the acceptance is in the member's queue. */
export type GroupMemberStatus = 'New' | 'Accepted' | 'Connected' | 'Gone' | 'Broken';

export interface GroupMember extends Requested {
  readonly relayOwnId: string;
  readonly profile: StoredProfile;
  readonly relayMemberId: string;
  readonly memberId: string;
  readonly memberName: string;
  readonly memberKey: string;
  /** the relay link that the request came over */
  readonly viaLink?: string;
  /** of the relay in the group */
  readonly life?: number;
  readonly reason?: string;
}

/** Facts of x.member. */
export interface MemberAsked extends Omit<GroupMember, 'reason'> {
  /** the relay may accept members */
  readonly serving: boolean;
  /** signed with the member's key, for this relay link */
  readonly proven: boolean;
}

/** A repeated x.member finds the same record, one that comes to another life of the relay another one. */
export function groupMemberId(relayOwnId: string, memberId: string, life = 0): string {
  return `${relayOwnId}/${memberId}${suffixOf(life)}`;
}

export function suffixOf(life: number): string {
  return life === 0 ? '' : `/${life}`;
}

/** Statuses of the members that the relay forwards to. */
export const receiving: readonly GroupMemberStatus[] = ['Accepted', 'Connected'];
