export { type RunningService, runService, type ServiceOptions, startService } from './bootstrap';
export { baseVariables, listVariables, loadConfig, parseConfig, type Variable } from './config';
export type { Database } from './database';
export { createFailpoint, type Failpoint } from './failpoint';
export { Readiness } from './readiness';
export { BUS, CONFIG, DATABASE, FAILPOINT } from './service-module';
