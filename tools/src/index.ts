export { inheritedEnv, repositoryRoot, toolsConfig, type ToolsConfig } from './config';
export { defaultDataFolder, runningNote, type RunningNote } from './data-folder';
export { startNats, type LocalNats } from './local-nats';
export { startPostgres, type LocalPostgres } from './local-postgres';
export { startLocalStack, type LocalStack, type LocalStackOptions } from './local-stack';
export { SetupError } from './setup-error';
