export { AgentStore, temporaryWhenAway } from './agent/agent-store';
export { agentTables } from './agent/agent-tables';
export { DeliveryStore } from './agent/delivery-store';
export { type Delivery, type GroupStatus, MemberReads } from './agent/member-reads';
export { MessageStore } from './agent/message-store';
export { type OwnerRelay, OwnerRelays } from './agent/owner-relays';
export { countByStatus, type Shown, showPartsOf, showRecords } from './agent/reads';
export { type RelayLoad, relayLoads } from './agent/relay-reads';
export { type DatabaseAddress, migrate, openDataSource, type TableSet } from './data-source';
