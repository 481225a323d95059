import { z } from 'zod';

const hostName = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/i;

/** The variables that every agent has beside those of every service. */
export function agentVariables() {
  return {
    SMP_SERVER: z
      .string()
      .regex(hostName, 'not a host name')
      .describe("the SMP server at which this agent's queues are, by its SMP_SERVER_NAME"),
    SMP_BASIC_AUTH: z
      .string()
      .min(1, 'empty')
      .max(255, 'too long')
      .optional()
      .describe("the SMP server's password for creating queues, its SMP_CREATE_PASSWORD"),
    MESSAGE_PADDING: z
      .enum(['on', 'off'], 'neither on nor off')
      .default('on')
      .describe(
        'whether messages are padded to one size, so that SMP servers do not see how long they are: on or off',
      ),
    RETRY_INITIAL_MS: milliseconds('how long to wait before the second try of a command', 2_000),
    RETRY_MAX_MS: milliseconds('how long to wait between two tries at most', 120_000),
  };
}

type AgentConfig = z.infer<z.ZodObject<ReturnType<typeof agentVariables>>>;

/** What every agent is made with, as its variables say. */
export function agentSettings(config: AgentConfig) {
  const { SMP_SERVER, SMP_BASIC_AUTH, MESSAGE_PADDING, RETRY_INITIAL_MS, RETRY_MAX_MS } = config;
  return {
    server: SMP_SERVER,
    padded: MESSAGE_PADDING === 'on',
    retry: { initialMs: RETRY_INITIAL_MS, maxMs: RETRY_MAX_MS },
    ...(SMP_BASIC_AUTH !== undefined && { basicAuth: Buffer.from(SMP_BASIC_AUTH) }),
  };
}

function milliseconds(what: string, byDefault: number) {
  return z.coerce
    .number('not a number')
    .int('not a whole number')
    .min(10, 'too short')
    .max(3_600_000, 'too long')
    .default(byDefault)
    .describe(`${what}, in ms, 10 to 3600000`);
}
