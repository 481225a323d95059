export { commands, replies, type CommandKind, type ReplyName } from './commands';
export { totalOf } from './course';
export {
  admit,
  isRequest,
  type Admission,
  type Knock,
  type QueuePurpose,
  type Refusal,
  type Signature,
} from './contacts';
export type { DepartureRest } from './departure';
export { connects, hasDeleted, recovering, spanName, spans, statuses, waiting, type Span } from './derive';
export {
  contradiction,
  linkToShare,
  profileWithLink,
  type ChosenRelay,
  type Group,
  type OwnerIdentity,
  type StoredProfile,
} from './group';
export { receiving, type GroupMember } from './group-member';
export { groupRelayId, listedRelayLinks, servesOwner, type GroupRelay } from './group-relay';
export type { LinkFacts } from './link-facts';
export {
  decide,
  type AnyDialogue,
  type Ask,
  type Decision,
  type Dialogue,
  type Event,
  type Row,
  type Signer,
  type Tell,
} from './machine';
export {
  memberConnectionId,
  membershipOf,
  broadcastOf,
  isBroadcast,
  relayLinkOf,
  type ConnectionPurpose,
  type MemberConnection,
} from './member-connection';
export { groupLinkOf, membershipId, type Membership } from './membership';
export { messageKey, type DeliveryJobStatus } from './message';
export { ownerConnectionId, relayOwnOf } from './owner-connection';
export { poolLinkId, type PoolLink } from './pool-link';
export type { HistoryRest } from './priority-connection';
export { joiningTrips, onboardingCost, onboardingDialogues, onboardingTrips } from './onboarding';
export { connectionsOf, isProtocol, protocolNames, type ProtocolName } from './protocols/names';
export { dialogueOf, protocols, serves } from './protocols/protocols';
export {
  groupOf,
  parentOf,
  refKey,
  type Noun,
  type QueueAddress,
  type RecordRef,
  type SagaRecord,
} from './record';
export type { RelayAddress } from './relay-address';
export { relayConnectionId } from './relay-connection';
export { relayOwnId, type RelayOwn, unlinked } from './relay-own';
