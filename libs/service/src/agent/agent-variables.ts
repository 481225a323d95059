import { z } from 'zod';

const HOUR_MS = 3_600_000;
const WEEK_MS = 7 * 24 * HOUR_MS;
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
    LINK_CHECK_MS: milliseconds(
      'how often relays look whether the group link lists them, and members which relays it lists',
      900_000,
      WEEK_MS,
    ),
    QUEUE_LOST_AFTER_MS: milliseconds(
      'how long an SMP server has to say that it has not a queue of ours before the queue is lost',
      120_000,
      WEEK_MS,
    ),
    STUCK_AFTER_MS: milliseconds('how long a record waits for its peer before it is stuck', 300_000, WEEK_MS),
    STATUS_EVENTS: z
      .enum(['off', 'relays', 'all'], 'not one of them')
      .default('relays')
      .describe(
        'whose changes are told on NATS: off for none, relays for those of groups and relays, all for members, too',
      ),
  };
}

type AgentConfig = z.infer<z.ZodObject<ReturnType<typeof agentVariables>>>;

/** What every agent is made with, as its variables say. */
export function agentSettings(config: AgentConfig) {
  const { SMP_SERVER, SMP_BASIC_AUTH, MESSAGE_PADDING, RETRY_INITIAL_MS, RETRY_MAX_MS } = config;
  const { LINK_CHECK_MS, QUEUE_LOST_AFTER_MS, STUCK_AFTER_MS, STATUS_EVENTS } = config;
  return {
    server: SMP_SERVER,
    padded: MESSAGE_PADDING === 'on',
    retry: { initialMs: RETRY_INITIAL_MS, maxMs: RETRY_MAX_MS },
    checkMs: LINK_CHECK_MS,
    lostAfterMs: QUEUE_LOST_AFTER_MS,
    stuckAfterMs: STUCK_AFTER_MS,
    statusEvents: STATUS_EVENTS,
    ...(SMP_BASIC_AUTH !== undefined && { basicAuth: Buffer.from(SMP_BASIC_AUTH) }),
  };
}

function milliseconds(what: string, byDefault: number, longest = HOUR_MS) {
  return z.coerce
    .number('not a number')
    .int('not a whole number')
    .min(10, 'too short')
    .max(longest, 'too long')
    .default(byDefault)
    .describe(`${what}, in ms, 10 to ${longest}`);
}
