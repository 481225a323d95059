import { runService } from '@chat-relays/service';
import { agentTables, openDataSource } from '@chat-relays/storage';
import { readConfig } from './config';
import { relayAgentModule } from './relay-agent.module';

const config = readConfig();

void runService({
  name: 'relay-agent',
  config,
  scope: config.RELAY_NAME,
  database: (address) => openDataSource(address, agentTables),
  module: relayAgentModule(config),
});
