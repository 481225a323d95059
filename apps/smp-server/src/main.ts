import { runService } from '@chat-relays/service';
import { openDataSource, smpTables } from '@chat-relays/storage';
import { readConfig } from './config';
import { SmpServerModule } from './smp-server.module';

void runService({
  name: 'smp-server',
  config: readConfig(),
  database: (address) => openDataSource(address, smpTables),
  module: SmpServerModule,
});
