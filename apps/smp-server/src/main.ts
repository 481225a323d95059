import { serverToken } from '@chat-relays/bus';
import { runService } from '@chat-relays/service';
import { openDataSource, smpTables } from '@chat-relays/storage';
import { readConfig } from './config';
import { SmpServerModule } from './smp-server.module';

const config = readConfig();

void runService({
  name: 'smp-server',
  config,
  scope: serverToken(config.SMP_SERVER_NAME),
  database: (address) => openDataSource(address, smpTables),
  module: SmpServerModule,
});
