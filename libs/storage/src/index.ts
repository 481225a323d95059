export { AgentStore, temporaryWhenAway } from './agent/agent-store';
export { agentTables } from './agent/agent-tables';
export { DeliveryStore } from './agent/delivery-store';
export { MessageStore } from './agent/message-store';
export { type DatabaseAddress, migrate, openDataSource, type TableSet } from './data-source';
