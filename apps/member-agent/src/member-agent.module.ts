import { type DynamicModule, Module } from '@nestjs/common';
import { AgentModule, agentSettings } from '@chat-relays/service';
import type { z } from 'zod';
import type { configSchema } from './config';
import { JoinController } from './join.controller';
import { Members } from './members';
import { MessageController } from './message.controller';

@Module({})
class MemberAgentModule {}

/** Members of groups, thousands of them. */
export function memberAgentModule(config: z.infer<typeof configSchema>): DynamicModule {
  return {
    module: MemberAgentModule,
    imports: [AgentModule.with({ ...agentSettings(config), nouns: ['membership', 'member_connection'] })],
    controllers: [JoinController, MessageController],
    providers: [Members],
  };
}
