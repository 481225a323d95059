export { type FaultPlan, Faults, noFaults } from './faults';
export { MemoryDeliveries } from './memory/memory-deliveries';
export { MemoryMessages } from './memory/memory-messages';
export { MemoryStore } from './memory/memory-store';
export { Random } from './random';
export { type Scenario } from './course';
export { run, type RunResult } from './run';
