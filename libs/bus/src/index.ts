export type { NatsConnection } from '@nats-io/transport-node';
export { BusUnreachable, type BusOptions, connectBus, drainBus } from './connection';
export { type Contract, contracts, type Issue, type RequestError } from './contract';
export { type RequestCount, RequestCounters } from './counters';
export { type StatusEvent, statusSubject } from './events/status-event';
export { StatusPublisher } from './events/status-publisher';
export { StatusStream } from './events/status-stream';
export { extractTrace, injectTrace } from './headers';
export { RequestRefused } from './refusal';
export { Request } from './request-handler';
export { request, RequestFailed, type RequestOptions } from './request';
export { memberRequests } from './requests/member';
export { ownerRequests } from './requests/owner';
export { relayRequests } from './requests/relay';
export { MAX_FAULT_COUNT, MAX_FAULT_MS, MAX_FAULT_SEED, smpServerRequests } from './requests/smp-server';
export { NatsStrategy, type NatsStrategyOptions } from './strategy';
export { controlPlane } from './subjects';
export { SmpClient } from './smp/smp-client';
export {
  type IncomingCommand,
  type RejectedPayload,
  SmpListener,
  type SmpListenerOptions,
} from './smp/smp-listener';
export type { SmpRoadEvents, SmpRoadOptions } from './smp/smp-road';
export { serverToken, smpSubjects } from './smp/smp-subjects';
