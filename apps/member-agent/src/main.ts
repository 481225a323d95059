import { loadConfig, runService } from '@chat-relays/service';
import { agentTables, openDataSource } from '@chat-relays/storage';
import { configSchema } from './config';
import { memberAgentModule } from './member-agent.module';

const config = loadConfig(configSchema, process.env);

void runService({
  name: 'member-agent',
  config,
  database: (address) => openDataSource(address, agentTables),
  module: memberAgentModule(config),
});
