import type { GroupMember, GroupMemberStatus, MemberAsked } from '../../group-member';
import type { Dialogue } from '../../machine';
import type { PriorityConnection, PriorityConnectionStatus } from '../../priority-connection';
import { answersHistory, type HistoryEvents } from './history';
import { acceptance, accepts, forwardedTo, type JoinEvents } from '../full/join.relay';

/** Both connections are of whoever has the member's key. */
function admissible({ serving, proven }: MemberAsked): boolean {
  return serving && proven;
}

/** RFC step 15b of the update, chat relay: the member, and the connection for what is broadcast. */
export const joinRelayPaired: Dialogue<GroupMemberStatus, GroupMember, JoinEvents> = {
  name: 'group.join',
  half: 'relay',
  noun: 'group_member',
  ends: ['Connected', 'Gone', 'Broken'],
  rows: [...accepts('15b', admissible, ['Gone']), forwardedTo()],
  says: { 'x.grp.link.inv': acceptance },
};

/** RFC step 15a of the update, chat relay: the connection for a member's requests and their answers. */
export const joinPriority: Dialogue<PriorityConnectionStatus, PriorityConnection, HistoryEvents> = {
  name: 'group.join',
  half: 'relay',
  noun: 'priority_connection',
  ends: ['Connected', 'Broken'],
  rows: [...accepts('15a', admissible, ['Answering']), ...answersHistory()],
  aims: { HIST: ({ relayOwnId, rest }) => ({ relayOwnId, ...rest }) },
  says: { 'x.grp.link.inv': acceptance },
};
