import { agentVariables, baseVariables, loadConfig } from '@chat-relays/service';
import { z } from 'zod';

export const configSchema = z.object({
  ...baseVariables('relay-agent'),
  ...agentVariables(),
  RELAY_NAME: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,64}$/, 'not a name')
    .describe('the name of this relay, which owners and members see: 1 to 64 letters, digits, - and _'),
  LINK_POOL: z.coerce
    .number('not a number')
    .int('not a whole number')
    .min(0, 'below 0')
    .max(1_000, 'too many')
    .default(4)
    .describe('relay links that are ready before owners of pooled groups ask for them, 0 to 1000'),
});

/** The configuration of this process, or its end with a sentence for each bad value. */
export function readConfig() {
  return loadConfig(configSchema, process.env);
}
