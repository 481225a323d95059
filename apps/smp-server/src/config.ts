import { baseVariables, loadConfig } from '@chat-relays/service';
import { DEFAULT_QUOTA } from '@chat-relays/smp';
import { z } from 'zod';

export const configSchema = z.object({
  ...baseVariables('smp-server'),
  SMP_SERVER_NAME: z
    .string()
    .regex(/^[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*$/, 'not a host name')
    .max(253, 'too long')
    .describe('the host name of this server, which links and queue addresses carry'),
  SMP_QUEUE_QUOTA: z.coerce
    .number('not a number')
    .int('not a whole number')
    .min(1, 'out of range')
    .max(10_000, 'out of range')
    .default(DEFAULT_QUOTA)
    .describe('messages that a queue holds before senders get QUOTA, 1 to 10000'),
});

export type SmpServerConfig = z.infer<typeof configSchema>;

/** The configuration of this process, or its end with a sentence for each bad value. */
export function readConfig() {
  return loadConfig(configSchema, process.env);
}
