// part of the contract of Host: what every service gives its agent
export { realCrypto } from '@chat-relays/smp';
// part of the contracts of Store, Deliveries and Messages
export { groupLinkOf, messageKey, type Noun, receiving, relayLinkOf } from '@chat-relays/protocol';
export { Agent, type AgentOptions } from './agent';
export type { NewGroup } from './handling/beginnings';
export type {
  Command,
  GroupAim,
  LinkAim,
  NewAim,
  QueueId,
  ReceiveQueue,
  Reply,
  TakenLink,
} from './commands/command';
export type {
  Behind,
  DeliveryJob,
  Former,
  FormerMember,
  JobKey,
  MemberAttempt,
  NewDeliveryJob,
  Recipient,
} from './forwarding/delivery';
export { execute } from './commands/execute';
export { newId } from './identity';
export type { EventInput, Input, KnockInput } from './handling/input';
export { privateKey } from './sealing/keys';
export type { Road } from './commands/link';
export {
  HISTORY,
  type Divergence,
  type Gap,
  type Inserted,
  MOST_DIVERGENT_COPIES,
  type NewMessage,
  type NewPost,
} from './forwarding/message';
export { prepareConnectionLink } from './commands/new-queue';
export type { Observation } from './observation';
export { type Delivered, Opener } from './sealing/opener';
export {
  type Changes,
  type Deliveries,
  type Host,
  type Messages,
  noChanges,
  type OwnedRef,
  type Store,
  type Unit,
} from './ports';
export type { Posted } from './forwarding/posts';
export { defaultPump, type PumpOptions } from './commands/pump';
export { type PeerQueue, type Received, type SendQueue, sendQueueKey, type Sent } from './sealing/send-queue';
export { backoff, defaultRetry, type RetryPolicy } from './commands/retry';
export { Sealer } from './sealing/sealer';
export { signElement } from './sealing/signing';
export { StuckTimer } from './timers/timers';
export { type IncomingMessage, type OwnQueue, type Smp, type SmpRequest, TemporaryError } from './smp-port';
export { isStuck, type Stuck, type Waiting, waitingRecords } from './timers/waiting';
