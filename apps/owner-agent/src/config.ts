import { agentVariables, baseVariables, loadConfig } from '@chat-relays/service';
import { protocolNames } from '@chat-relays/protocol';
import { z } from 'zod';

export const configSchema = z.object({
  ...baseVariables('owner-agent'),
  ...agentVariables(),
  PROTOCOL: z
    .enum(protocolNames, `not one of ${protocolNames.join(', ')}`)
    .default('paired')
    .describe("the RFC's protocol of new groups that name none: full, pooled or paired"),
});

/** The configuration of this process, or its end with a sentence for each bad value. */
export function readConfig() {
  return loadConfig(configSchema, process.env);
}
