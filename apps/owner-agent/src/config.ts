import { agentVariables, baseVariables, loadConfig } from '@chat-relays/service';
import { z } from 'zod';

export const configSchema = z.object({ ...baseVariables('owner-agent'), ...agentVariables() });

/** The configuration of this process, or its end with a sentence for each bad value. */
export function readConfig() {
  return loadConfig(configSchema, process.env);
}
