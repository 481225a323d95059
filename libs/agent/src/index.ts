// part of the contracts of Store and Deliveries
export { type Noun, receiving } from '@chat-relays/protocol';
export { Agent, type AgentOptions } from './agent';
export type { Command, GroupAim, LinkAim, NewAim, ReceiveQueue, Reply } from './command';
export type { Behind, DeliveryJob, NewDeliveryJob, Recipient } from './delivery';
export { newId } from './identity';
export type { EventInput, Input, KnockInput } from './input';
export type { NewMessage } from './message';
export type { Observation } from './observation';
export type { Changes, Deliveries, Host, Messages, Store, Unit } from './ports';
export type { Posted } from './posts';
export { defaultPump, type PumpOptions } from './pump';
export { queueKeys } from './queue-keys';
export { backoff, defaultRetry, type RetryPolicy } from './retry';
export { type IncomingMessage, type Smp, type SmpRequest, TemporaryError } from './smp-port';
