import { runMigration } from '@chat-relays/service';
import { migrate, smpTables } from '@chat-relays/storage';
import { readConfig } from './config';

void runMigration(readConfig(), (address) => migrate(address, smpTables));
