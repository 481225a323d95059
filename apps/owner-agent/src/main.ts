import { loadConfig, runService } from '@chat-relays/service';
import { agentTables, openDataSource } from '@chat-relays/storage';
import { configSchema } from './config';
import { ownerAgentModule } from './owner-agent.module';

const config = loadConfig(configSchema, process.env);

void runService({
  name: 'owner-agent',
  config,
  database: (address) => openDataSource(address, agentTables),
  module: ownerAgentModule(config),
});
