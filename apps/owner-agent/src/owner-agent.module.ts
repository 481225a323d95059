import { type DynamicModule, Module } from '@nestjs/common';
import { AgentModule, agentSettings } from '@chat-relays/service';
import type { z } from 'zod';
import type { configSchema } from './config';
import { GroupController } from './group.controller';
import { OwnerGroups, PROTOCOL } from './owner-groups';
import { RelaysController } from './relays.controller';

@Module({})
class OwnerAgentModule {}

/** Group owners, any number of them. */
export function ownerAgentModule(config: z.infer<typeof configSchema>): DynamicModule {
  return {
    module: OwnerAgentModule,
    imports: [
      AgentModule.with({ ...agentSettings(config), nouns: ['group', 'group_relay', 'relay_connection'] }),
    ],
    controllers: [GroupController, RelaysController],
    providers: [{ provide: PROTOCOL, useValue: config.PROTOCOL }, OwnerGroups],
  };
}
