import { newMessage } from './content';
import { groupLinkInvitation, memberJoin } from './group-member';
import {
  confirmation,
  groupInfo,
  groupRelayAcceptance,
  groupRelayInvitation,
  groupRelayReady,
} from './group-relay';
import type { MessageOf, UnknownMessage } from './message';

/** Every message but the forward, which carries one of these. In the order of the RFC's steps. */
export const originalMessages = [
  groupRelayInvitation,
  groupRelayAcceptance,
  confirmation,
  groupInfo,
  groupRelayReady,
  memberJoin,
  groupLinkInvitation,
  newMessage,
] as const;

export type OriginalMessage = MessageOf<(typeof originalMessages)[number]> | UnknownMessage;
