import { type DynamicModule, Module } from '@nestjs/common';
import { AgentModule, agentSettings } from '@chat-relays/service';
import type { z } from 'zod';
import type { configSchema } from './config';
import { LINK_POOL, RELAY_NAME, Relay } from './relay';
import { RelayMetrics } from './relay-metrics';
import { RelayController } from './relay.controller';

@Module({})
class RelayAgentModule {}

/** One chat relay. */
export function relayAgentModule(config: z.infer<typeof configSchema>): DynamicModule {
  return {
    module: RelayAgentModule,
    imports: [
      AgentModule.with({
        ...agentSettings(config),
        identity: config.RELAY_NAME,
        nouns: [
          'relay_own',
          'owner_connection',
          'departure',
          'group_member',
          'priority_connection',
          'pool_link',
        ],
      }),
    ],
    controllers: [RelayController],
    providers: [
      { provide: RELAY_NAME, useValue: config.RELAY_NAME },
      { provide: LINK_POOL, useValue: config.LINK_POOL },
      Relay,
      RelayMetrics,
    ],
  };
}
