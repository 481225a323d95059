import 'reflect-metadata';
import type { AddressInfo, Server } from 'node:net';
import { type DynamicModule, type INestApplication, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { connectBus, drainBus, NatsStrategy } from '@chat-relays/bus';
import { flush } from '@chat-relays/telemetry';
import { Logger } from 'nestjs-pino';
import type { z } from 'zod';
import type { baseVariables } from './config';
import { type Database, openDatabase } from './database';
import { createFailpoint } from './failpoint';
import { createLogger } from './logging';
import { Readiness } from './readiness';
import { ServiceModule } from './service-module';

export interface ServiceOptions {
  /** of the app: `relay-agent`; also the queue group of its requests */
  readonly name: string;
  readonly config: z.infer<z.ZodObject<ReturnType<typeof baseVariables>>>;
  /** stands for the `*` in the subjects of requests: the name of a relay */
  readonly scope?: string;
  /** opens the data source; tried again until PostgreSQL answers or the time for starting is over */
  readonly database: (address: { url: string; schema: string }) => Promise<Database>;
  /**
   * The app: controllers with `@Request` methods, and providers. One that works on its own account starts in
   * `onApplicationBootstrap` and stops in `onModuleDestroy`: when that has resolved, nothing of it is in flight.
   */
  readonly module: Type | DynamicModule;
}

export interface RunningService {
  readonly app: INestApplication;
  /** of /health and /metrics */
  readonly port: number;
  /** Takes no more work, finishes what is in hand, sends spans, closes PostgreSQL and NATS. */
  stop(): Promise<void>;
}

@Module({})
class RootModule {}

/**
 * Starts a service in this process: PostgreSQL and NATS, requests over NATS, health and metrics over HTTP.
 * Logs `{"msg":"listening","port":…}` when all of it answers.
 */
export async function startService(options: ServiceOptions): Promise<RunningService> {
  const { name, config, scope } = options;
  const timeoutMs = config.STARTUP_TIMEOUT_SECONDS * 1_000;
  const logger = createLogger({ service: name, instance: config.SERVICE_INSTANCE, level: config.LOG_LEVEL });
  const address = { url: config.DATABASE_URL, schema: config.DATABASE_SCHEMA };
  const connection = await connectBus({ servers: config.NATS_URL, name: config.SERVICE_INSTANCE, timeoutMs });
  const database = await openDatabase(() => options.database(address), address.url, timeoutMs);
  const strategy = new NatsStrategy({ connection, queue: name, scope });
  const failpoint = createFailpoint(config.FAILPOINT);
  const parts = ServiceModule.with({ config, logger, connection, strategy, database, failpoint });
  const root = { module: RootModule, imports: [parts, options.module] };
  const app = await NestFactory.create(root, {
    abortOnError: false,
    bodyParser: false,
    bufferLogs: true,
    forceCloseConnections: true,
  });
  app.useLogger(app.get(Logger));
  app.connectMicroservice({ strategy });
  await app.init();
  await app.startAllMicroservices();
  await app.listen(config.HTTP_PORT);
  const { port } = (app.getHttpServer() as Server).address() as AddressInfo;
  logger.info({ port }, 'listening');
  const stop = async (): Promise<void> => {
    app.get(Readiness).draining = true;
    logger.info('stopping');
    await strategy.close();
    await app.close();
    await flush();
    await database.destroy();
    await drainBus(connection);
    logger.info('stopped');
  };
  let stopping: Promise<void> | undefined;
  return { app, port, stop: () => (stopping ??= stop()) };
}

/**
 * `main` of a service: starts it, and stops it on SIGTERM or SIGINT. A start that fails is one sentence on stderr and
 * exit code 1, and so is a stop that takes longer than DRAIN_TIMEOUT_SECONDS.
 */
export async function runService(options: ServiceOptions): Promise<void> {
  const { name, config } = options;
  try {
    const service = await startService(options);
    const stop = (): void => {
      // it holds nothing up: the process ends before it when the event loop is empty
      setTimeout(
        () => end(`${name} did not stop within ${config.DRAIN_TIMEOUT_SECONDS} s.`),
        config.DRAIN_TIMEOUT_SECONDS * 1_000,
      ).unref();
      service
        .stop()
        .catch((error: unknown) => end(`${name} could not stop in order: ${sentence(error, config)}.`));
    };
    process.once('SIGTERM', stop);
    process.once('SIGINT', stop);
  } catch (error) {
    end(`${name} could not start: ${sentence(error, config)}.`);
  }
}

function end(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

function sentence(error: unknown, config: ServiceOptions['config']): string {
  if (!(error instanceof Error)) return String(error);
  const { code } = error as { code?: unknown };
  if (code === 'EADDRINUSE') return `port ${config.HTTP_PORT} is taken; choose another HTTP_PORT`;
  if (code === '42P01' || code === '3F000')
    return `${error.message}; run its migration first, for the schema ${config.DATABASE_SCHEMA}`;
  return error.message.split('\n')[0].replace(/\.$/, '');
}
