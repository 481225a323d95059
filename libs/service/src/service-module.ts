import { type DynamicModule, Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import type { NatsConnection, NatsStrategy } from '@chat-relays/bus';
import { LoggerModule } from 'nestjs-pino';
import type { Logger } from 'pino';
import { Registry } from 'prom-client';
import type { Database } from './database';
import type { Failpoint } from './failpoint';
import { HealthController } from './health';
import { createRegistry, MetricsController } from './metrics';
import { Readiness } from './readiness';

/** To inject the service's own configuration. */
export const CONFIG = Symbol('config');
/** To inject the `NatsConnection`. */
export const BUS = Symbol('bus');
/** To inject what the service opened as its database. */
export const DATABASE = Symbol('database');
/** To inject the `Failpoint`. */
export const FAILPOINT = Symbol('failpoint');

export interface ServiceParts {
  readonly config: object;
  readonly logger: Logger;
  readonly connection: NatsConnection;
  readonly strategy: NatsStrategy;
  readonly database: Database;
  readonly failpoint: Failpoint;
}

/** What every service has, for all its modules: health, metrics, logging, and the tokens above. */
@Module({})
export class ServiceModule {
  static with(parts: ServiceParts): DynamicModule {
    const { connection, database } = parts;
    const readiness = new Readiness();
    readiness.add('postgresql', () => database.query('SELECT 1'));
    readiness.add('nats', () => connection.flush());
    const providers = [
      { provide: CONFIG, useValue: parts.config },
      { provide: BUS, useValue: connection },
      { provide: DATABASE, useValue: database },
      { provide: FAILPOINT, useValue: parts.failpoint },
      { provide: Registry, useValue: createRegistry(parts.strategy) },
      { provide: Readiness, useValue: readiness },
    ];
    return {
      module: ServiceModule,
      global: true,
      imports: [
        TerminusModule.forRoot({ logger: false }),
        LoggerModule.forRoot({ pinoHttp: { logger: parts.logger, autoLogging: false }, forRoutes: [] }),
      ],
      controllers: [HealthController, MetricsController],
      providers,
      exports: providers.map(({ provide }) => provide),
    };
  }
}
