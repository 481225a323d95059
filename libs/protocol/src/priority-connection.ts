import { type GroupMember, type GroupMemberStatus, suffixOf } from './group-member';

/** `Answering`: the member asked for history, and is being sent it. */
export type PriorityConnectionStatus = GroupMemberStatus | 'Answering';

/** The relay's second connection with a member, for requests and their answers, which so never wait behind broadcast. */
export interface PriorityConnection extends GroupMember {
  /** what is still to be sent of the answer that is under way */
  readonly rest?: HistoryRest;
}

/** Ids of the relay's jobs. The last one is fixed when the answer begins: what comes meanwhile is broadcast. */
export interface HistoryRest {
  readonly from: number;
  readonly upTo: number;
}

/** By the key that both connections share: nobody else can claim to be this member. */
export function priorityConnectionId(relayOwnId: string, memberKey: string, life = 0): string {
  return `${relayOwnId}/${memberKey}/priority${suffixOf(life)}`;
}
