import { type DynamicModule, Module } from '@nestjs/common';
import { AGENT_SETTINGS, AgentRuntime, type AgentSettings } from './agent-runtime';

/** To import in the module of an agent: it provides `AgentRuntime`. */
@Module({})
export class AgentModule {
  static with(settings: AgentSettings): DynamicModule {
    return {
      module: AgentModule,
      global: true,
      providers: [{ provide: AGENT_SETTINGS, useValue: settings }, AgentRuntime],
      exports: [AgentRuntime],
    };
  }
}
