import { type DynamicModule, Module } from '@nestjs/common';
import { AgentModule } from '@chat-relays/service';
import type { z } from 'zod';
import type { configSchema } from './config';
import { GroupController } from './group.controller';
import { OwnerGroups } from './owner-groups';
import { RelaysController } from './relays.controller';

@Module({})
class OwnerAgentModule {}

/** Group owners, any number of them. */
export function ownerAgentModule(config: z.infer<typeof configSchema>): DynamicModule {
  const retry = { initialMs: config.RETRY_INITIAL_MS, maxMs: config.RETRY_MAX_MS };
  return {
    module: OwnerAgentModule,
    imports: [AgentModule.with({ server: config.SMP_SERVER, retry, nouns: ['group', 'group_relay'] })],
    controllers: [GroupController, RelaysController],
    providers: [OwnerGroups],
  };
}
