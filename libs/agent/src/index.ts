// part of the contract of Host: what every service gives its agent
export { realCrypto } from '@chat-relays/smp';
// part of the contracts of Store, Deliveries and Messages
export { groupLinkOf, messageKey, type Noun, receiving, relayLinkOf } from '@chat-relays/protocol';
export { Agent, type AgentOptions } from './agent';
export type { NewGroup } from './beginnings';
export type { Command, GroupAim, LinkAim, NewAim, QueueId, ReceiveQueue, Reply, TakenLink } from './command';
export type {
  Behind,
  DeliveryJob,
  Former,
  FormerMember,
  JobKey,
  MemberAttempt,
  NewDeliveryJob,
  Recipient,
} from './delivery';
export { execute } from './execute';
export { newId } from './identity';
export type { EventInput, Input, KnockInput } from './input';
export { privateKey } from './keys';
export type { Road } from './link';
export {
  HISTORY,
  type Divergence,
  type Gap,
  type Inserted,
  MOST_DIVERGENT_COPIES,
  type NewMessage,
  type NewPost,
} from './message';
export { prepareConnectionLink } from './new-queue';
export type { Observation } from './observation';
export { type Delivered, Opener } from './opener';
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
export type { Posted } from './posts';
export { defaultPump, type PumpOptions } from './pump';
export { type PeerQueue, type Received, type SendQueue, sendQueueKey, type Sent } from './send-queue';
export { backoff, defaultRetry, type RetryPolicy } from './retry';
export { Sealer } from './sealer';
export { signElement } from './signing';
export { StuckTimer } from './timers';
export { type IncomingMessage, type OwnQueue, type Smp, type SmpRequest, TemporaryError } from './smp-port';
export { isStuck, type Stuck, type Waiting, waitingRecords } from './waiting';
