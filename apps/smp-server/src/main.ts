import { loadConfig, runService } from '@chat-relays/service';
import { openDataSource, smpTables } from '@chat-relays/storage';
import { configSchema } from './config';
import { SmpServerModule } from './smp-server.module';

void runService({
  name: 'smp-server',
  config: loadConfig(configSchema, process.env),
  database: (address) => openDataSource(address, smpTables),
  module: SmpServerModule,
});
