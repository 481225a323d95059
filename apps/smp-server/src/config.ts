import { baseVariables, loadConfig } from '@chat-relays/service';
import { DEFAULT_QUOTA } from '@chat-relays/smp';
import { z } from 'zod';
import { parseFaults } from './faults/fault-text';

/** What NEW can carry. */
const MAX_PASSWORD_BYTES = 255;

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
  SMP_PADDING: z
    .enum(['on', 'off'], 'neither on nor off')
    .default('on')
    .describe('whether messages to recipients are padded to the size that SMP gives all of them: on or off'),
  SMP_NEW_QUEUES: z
    .enum(['on', 'off'], 'neither on nor off')
    .default('on')
    .describe('whether anybody may create queues: on or off'),
  SMP_CREATE_PASSWORD: z
    .string()
    .refine((password) => Buffer.byteLength(password) <= MAX_PASSWORD_BYTES, 'too long')
    .optional()
    .describe('the password that every NEW has to carry, at most 255 bytes; unset: none'),
  SMP_MESSAGE_TTL_DAYS: z.coerce
    .number('not a number')
    .gt(0, 'out of range')
    .max(3_650, 'out of range')
    .default(21)
    .describe('days after which a message that nobody fetched is deleted, above 0 and up to 3650'),
  SMP_FAULTS: z
    .string()
    .transform((text, context) => {
      const read = parseFaults(text);
      if ('faults' in read) return read.faults;
      context.addIssue({ code: 'custom', message: read.problem });
      return z.NEVER;
    })
    .optional()
    .describe(
      'what the server gets wrong on request, such as "drop-reply SEND p=0.1; delay SUB 50ms"; unset: nothing',
    ),
});

export type SmpServerConfig = z.infer<typeof configSchema>;

/** The configuration of this process, or its end with a sentence for each bad value. */
export function readConfig() {
  return loadConfig(configSchema, process.env);
}
