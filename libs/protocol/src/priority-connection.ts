import type { GroupMember } from './group-member';

/** The relay's second connection with a member, for requests and their answers, which so never wait behind broadcast. */
export type PriorityConnection = GroupMember;

/** By the key that both connections share: nobody else can claim to be this member. */
export function priorityConnectionId(relayOwnId: string, memberKey: string): string {
  return `${relayOwnId}/${memberKey}/priority`;
}
