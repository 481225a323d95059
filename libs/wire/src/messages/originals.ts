import { newMessage } from './content';
import { contactRequest, groupLinkInvitation, memberDeletion, memberJoin } from './group-member';
import {
  confirmation,
  groupInfo,
  groupRelayAcceptance,
  groupRelayInvitation,
  groupRelayReady,
  groupRelayRejection,
  historyRequest,
} from './group-relay';
import type { MessageOf, UnknownMessage } from './message';

/** Every message but the forward, which carries one of these. In the order of the RFC's steps. */
export const originalMessages = [
  groupRelayInvitation,
  groupRelayAcceptance,
  confirmation,
  groupInfo,
  groupRelayReady,
  groupRelayRejection,
  contactRequest,
  memberJoin,
  groupLinkInvitation,
  newMessage,
  memberDeletion,
  historyRequest,
] as const;

export type OriginalMessage = MessageOf<(typeof originalMessages)[number]> | UnknownMessage;
