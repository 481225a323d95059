import { runService } from '@chat-relays/service';
import { agentTables, openDataSource } from '@chat-relays/storage';
import { readConfig } from './config';
import { ownerAgentModule } from './owner-agent.module';

const config = readConfig();

void runService({
  name: 'owner-agent',
  config,
  database: (address) => openDataSource(address, agentTables),
  module: ownerAgentModule(config),
});
