import { z } from 'zod';

const hostName = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/i;

/** The variables that every agent has beside those of every service. */
export function agentVariables() {
  return {
    SMP_SERVER: z
      .string()
      .regex(hostName, 'not a host name')
      .describe("the SMP server at which this agent's queues are, by its SMP_SERVER_NAME"),
    RETRY_INITIAL_MS: milliseconds('how long to wait before the second try of a command', 500),
    RETRY_MAX_MS: milliseconds('how long to wait between two tries at most', 60_000),
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
