export { commands, replies, type CommandKind, type ReplyName } from './commands';
export { admit, type Admission, type Knock, type QueuePurpose } from './contacts';
export { recovering, spanName, spans, statuses, waiting, type Span } from './derive';
export type { ChosenRelay, Group, StoredProfile } from './group';
export { receiving, type GroupMember } from './group-member';
export { groupRelayId, listedRelayLinks, servesOwner, type GroupRelay } from './group-relay';
export {
  decide,
  type AnyDialogue,
  type Ask,
  type Decision,
  type Dialogue,
  type Event,
  type Row,
  type Tell,
} from './machine';
export { memberConnectionId, membershipOf, relayLinkOf, type MemberConnection } from './member-connection';
export { groupLinkOf, membershipId, type Membership } from './membership';
export { messageKey } from './message';
export { dialogueOf, protocols, type ProtocolName } from './protocols/protocols';
export { parentOf, refKey, type Noun, type QueueAddress, type RecordRef, type SagaRecord } from './record';
export type { RelayAddress } from './relay-address';
export { acceptsMembers, acceptsPosts, relayOwnId, type RelayOwn } from './relay-own';
