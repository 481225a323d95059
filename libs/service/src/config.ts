import { z } from 'zod';

/** sysexits.h EX_CONFIG: restarting will not help */
const EXIT_CONFIG = 78;

type ConfigSchema = z.ZodObject<z.ZodRawShape>;

/** What an environment variable is, for manifests, documents and their tests. */
export interface Variable {
  readonly name: string;
  readonly required: boolean;
  readonly default?: string;
  readonly description: string;
}

const seconds = (description: string, byDefault: number) =>
  z.coerce
    .number('not a number')
    .min(0, 'negative')
    .max(3_600, 'too long')
    .default(byDefault)
    .describe(description);

/**
 * The variables of every service; a service spreads them into its own `z.object`.
 * Descriptions are worded to complete "expected …".
 */
export function baseVariables(service: string) {
  return {
    NATS_URL: z
      .string()
      .regex(/^(nats|tls):\/\/[^,\s]+(,(nats|tls):\/\/[^,\s]+)*$/, 'not a NATS address')
      .describe('NATS servers separated by commas, such as nats://127.0.0.1:4222'),
    DATABASE_URL: z
      .string()
      .regex(/^postgres(ql)?:\/\/\S+$/, 'not a PostgreSQL address')
      .describe('a PostgreSQL address, such as postgres://user:password@127.0.0.1:5432/database'),
    DATABASE_SCHEMA: z
      .string()
      .regex(/^[a-z_][a-z0-9_]{0,62}$/, 'not a schema name')
      .default(service.replaceAll('-', '_'))
      .describe('the PostgreSQL schema of this service: lower-case letters, digits and _'),
    HTTP_PORT: z.coerce
      .number('not a number')
      .int('not a whole number')
      .min(0, 'out of range')
      .max(65_535, 'out of range')
      .default(0)
      .describe('the port of /health and /metrics, 0 to 65535; 0 takes any free one'),
    LOG_LEVEL: z
      .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], 'not a level')
      .default('info')
      .describe('one of fatal, error, warn, info, debug, trace, silent'),
    SERVICE_INSTANCE: z
      .string()
      .regex(/^[A-Za-z0-9_-]{1,64}$/, 'not a name')
      .default(service)
      .describe('the name of this process in logs and on NATS: 1 to 64 letters, digits, - and _'),
    STARTUP_TIMEOUT_SECONDS: seconds('how long to wait for NATS and PostgreSQL at start, 0 to 3600', 30),
    DRAIN_TIMEOUT_SECONDS: seconds('how long a stop may take before the process ends anyway, 0 to 3600', 20),
    OTEL_EXPORTER_OTLP_ENDPOINT: z
      .url('not a URL')
      .optional()
      .describe('where traces go, such as http://127.0.0.1:4318; unset: no tracing'),
    OTEL_EXPORTER_OTLP_PROTOCOL: z
      .enum(['http/protobuf', 'http/json'], 'not supported')
      .default('http/protobuf')
      .describe('http/protobuf or http/json'),
    OTEL_SERVICE_NAME: z.string().optional().describe('the name of this service in traces'),
    FAILPOINT: z
      .string()
      .regex(/^[\w.-]+:[1-9]\d*$/, 'not a fail point')
      .optional()
      .describe('<name>:<n>, which kills the process the n-th time that the point is reached; for tests'),
  };
}

/** Either the configuration or one sentence for each thing wrong with it. */
export function parseConfig<S extends ConfigSchema>(
  schema: S,
  env: NodeJS.ProcessEnv,
): { config: Readonly<z.infer<S>> } | { problems: string[] } {
  const given = Object.fromEntries(
    Object.keys(schema.shape)
      .map((name) => [name, env[name]?.trim()] as const)
      .filter(([, value]) => value !== undefined && value !== ''),
  );
  const result = schema.safeParse(given);
  if (result.success) return { config: Object.freeze(result.data) };
  const names = new Set(result.error.issues.map((issue) => String(issue.path[0])));
  return {
    problems: [...names].map((name) => {
      const { message } = result.error.issues.find((issue) => issue.path[0] === name)!;
      const wrong = given[name] === undefined ? 'is not set' : `is ${quote(given[name])}: ${message}`;
      return `${name} ${wrong}; expected ${schema.shape[name] ? describe(schema.shape[name]) : 'something else'}.`;
    }),
  };
}

/** The configuration; or the end of the process, with one sentence on stderr for each bad value and exit code 78. */
export function loadConfig<S extends ConfigSchema>(schema: S, env: NodeJS.ProcessEnv): Readonly<z.infer<S>> {
  const result = parseConfig(schema, env);
  if ('config' in result) return result.config;
  process.stderr.write(`${result.problems.join('\n')}\n`);
  process.exit(EXIT_CONFIG);
}

/** Every variable of a schema, in its order. */
export function listVariables(schema: ConfigSchema): Variable[] {
  return Object.entries(schema.shape).map(([name, type]) => {
    const unset = z.safeParse(type as z.ZodType<string | number | undefined>, undefined);
    return {
      name,
      required: !unset.success,
      ...(unset.success && unset.data !== undefined ? { default: String(unset.data) } : {}),
      description: describe(type),
    };
  });
}

function describe(type: z.core.$ZodType): string {
  return z.globalRegistry.get(type)?.description ?? '';
}

/** Values are shown, passwords in addresses are not. */
function quote(value: string): string {
  const shown = value.replace(/\/\/[^/@\s]*@/, '//…@');
  return `"${shown.length > 80 ? `${shown.slice(0, 80)}…` : shown}"`;
}
