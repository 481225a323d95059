export { BusUnreachable, type BusOptions, connectBus, drainBus } from './connection';
