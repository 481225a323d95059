import { runMigration } from '@chat-relays/service';
import { agentTables, migrate } from '@chat-relays/storage';
import { readConfig } from './config';

void runMigration(readConfig(), (address) => migrate(address, agentTables));
