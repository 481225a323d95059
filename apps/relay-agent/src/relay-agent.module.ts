import { type DynamicModule, Module } from '@nestjs/common';
import { AgentModule } from '@chat-relays/service';
import type { z } from 'zod';
import type { configSchema } from './config';
import { RELAY_NAME, Relay } from './relay';
import { RelayMetrics } from './relay-metrics';
import { RelayController } from './relay.controller';

@Module({})
class RelayAgentModule {}

/** One chat relay. */
export function relayAgentModule(config: z.infer<typeof configSchema>): DynamicModule {
  const retry = { initialMs: config.RETRY_INITIAL_MS, maxMs: config.RETRY_MAX_MS };
  return {
    module: RelayAgentModule,
    imports: [
      AgentModule.with({
        server: config.SMP_SERVER,
        identity: config.RELAY_NAME,
        retry,
        nouns: ['relay_own', 'group_member'],
      }),
    ],
    controllers: [RelayController],
    providers: [{ provide: RELAY_NAME, useValue: config.RELAY_NAME }, Relay, RelayMetrics],
  };
}
