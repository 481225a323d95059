import { loadConfig, runMigration } from '@chat-relays/service';
import { migrate, smpTables } from '@chat-relays/storage';
import { configSchema } from './config';

void runMigration(loadConfig(configSchema, process.env), (address) => migrate(address, smpTables));
