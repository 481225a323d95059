import { z } from 'zod';
import { baseVariables, listVariables, parseConfig } from './config';

const schema = z.object({
  ...baseVariables('relay-agent'),
  RELAY_NAME: z.string().default('relay-1').describe('the name of this relay'),
});
const good = { NATS_URL: 'nats://127.0.0.1:4222', DATABASE_URL: 'postgres://me@127.0.0.1/db' };

describe('parseConfig', () => {
  it('reads numbers and defaults; empty is unset; other variables are not its business', () => {
    const result = parseConfig(schema, { ...good, HTTP_PORT: '8080', LOG_LEVEL: '', HOME: '/root' });
    expect(result).toEqual({
      config: {
        ...good,
        DATABASE_SCHEMA: 'relay_agent',
        HTTP_PORT: 8080,
        LOG_LEVEL: 'info',
        SERVICE_INSTANCE: 'relay-agent',
        STARTUP_TIMEOUT_SECONDS: 30,
        DRAIN_TIMEOUT_SECONDS: 20,
        OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
        RELAY_NAME: 'relay-1',
      },
    });
  });

  it('says one sentence for each problem: variable, what was wrong, what is expected; never a password', () => {
    const env = { DATABASE_URL: 'mysql://me:secret@db/x', HTTP_PORT: 'eighty', FAILPOINT: 'somewhere' };
    expect(parseConfig(schema, env)).toEqual({
      problems: [
        'NATS_URL is not set; expected NATS servers separated by commas, such as nats://127.0.0.1:4222.',
        'DATABASE_URL is "mysql://…@db/x": not a PostgreSQL address; expected a PostgreSQL address, such as postgres://user:password@127.0.0.1:5432/database.',
        'HTTP_PORT is "eighty": not a number; expected the port of /health and /metrics, 0 to 65535; 0 takes any free one.',
        'FAILPOINT is "somewhere": not a fail point; expected <name>:<n>, which kills the process the n-th time that the point is reached; for tests.',
      ],
    });
  });
});

describe('listVariables', () => {
  it('names every variable with its default and description', () => {
    const variables = listVariables(schema);
    expect(variables.map(({ name }) => name)).toEqual(Object.keys(schema.shape));
    expect(variables.filter(({ required }) => required).map(({ name }) => name)).toEqual([
      'NATS_URL',
      'DATABASE_URL',
    ]);
    expect(variables.every(({ description }) => description !== '')).toBe(true);
    expect(variables.find(({ name }) => name === 'HTTP_PORT')).toMatchObject({ default: '0' });
    expect(variables.find(({ name }) => name === 'FAILPOINT')).not.toHaveProperty('default');
  });
});
