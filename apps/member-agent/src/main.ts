import { runService } from '@chat-relays/service';
import { agentTables, openDataSource } from '@chat-relays/storage';
import { readConfig } from './config';
import { memberAgentModule } from './member-agent.module';

const config = readConfig();

void runService({
  name: 'member-agent',
  config,
  database: (address) => openDataSource(address, agentTables),
  module: memberAgentModule(config),
});
