import { loadConfig, runMigration } from '@chat-relays/service';
import { agentTables, migrate } from '@chat-relays/storage';
import { configSchema } from './config';

void runMigration(loadConfig(configSchema, process.env), (address) => migrate(address, agentTables));
