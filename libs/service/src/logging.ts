import { activeTrace } from '@chat-relays/telemetry';
import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino';

export interface LoggingOptions {
  readonly service: string;
  readonly instance: string;
  readonly level: string;
}

/** JSON lines on stdout, each with the trace that it belongs to. */
export function createLogger(options: LoggingOptions, destination?: DestinationStream): Logger {
  return pino(
    {
      level: options.level,
      base: { service: options.service, instance: options.instance, pid: process.pid },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      mixin: () => activeTrace() ?? {},
      serializers: { err: describeError },
    },
    destination ?? pino.destination({ dest: 1, sync: true }),
  );
}

/**
 * Only what errors say of themselves: the fields that database drivers add hold parameters, which may be messages of
 * people; so may the snippet in what JSON.parse throws.
 */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return { message: 'something that is not an error was thrown' };
  const { code } = error as { code?: unknown };
  const frames = error.stack?.split('\n').filter((line) => /^\s+at /.test(line));
  return {
    type: error.name,
    message: error instanceof SyntaxError ? 'a text could not be parsed' : error.message,
    ...(typeof code === 'string' ? { code } : {}),
    stack: frames?.join('\n'),
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
  };
}
