import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inheritedEnv, repositoryRoot } from './config';
import { FleetService, type ServiceEnd } from './fleet-service';

/** The programs that a fleet is made of. */
export type AppName = 'smp-server' | 'owner-agent' | 'relay-agent' | 'member-agent';

/** One process of a fleet. */
export interface ServiceSpec {
  /** Unique in the fleet; also the process's name on NATS and, with `_` for `-`, its PostgreSQL schema. */
  name: string;
  app: AppName;
  env?: Record<string, string>;
}

export interface FleetOptions {
  databaseUrl: string;
  natsUrl: string;
  services: ServiceSpec[];
  /** The data folder; logs are `logs/<name>.log` in it. */
  folder: string;
  /** An OTLP/HTTP endpoint that takes JSON; absent: no tracing. */
  otlp?: string;
  /** For every service; a service's own `env` comes after it. */
  env?: Record<string, string>;
  /** Run for each service before any is started. */
  migrate?: (service: ServiceSpec, env: NodeJS.ProcessEnv) => Promise<void>;
  /** A service that ended though nobody asked it to; by default told on the error output. */
  onDeath?: (end: ServiceEnd) => void;
  /** The file that an app is started from. */
  program?: (app: AppName) => string;
}

const graceMilliseconds = 10_000;

/** The services as separate processes, started, watched and stopped together. None outlives us, however we end. */
export class Fleet {
  private constructor(private readonly services: Map<string, FleetService>) {}

  /** Migrates, starts every service, and comes back when all are ready; when one is not, all are stopped. */
  static async start(options: FleetOptions): Promise<Fleet> {
    const { services, migrate } = options;
    if (migrate) await Promise.all(services.map((service) => migrate(service, serviceEnv(service, options))));
    const logs = join(options.folder, 'logs');
    mkdirSync(logs, { recursive: true });
    const fleet = new Fleet(
      new Map(services.map((service) => [service.name, fleetService(service, options, logs)])),
    );
    const started = await Promise.allSettled([...fleet.services.values()].map((service) => service.start()));
    const failure = started.find((result) => result.status === 'rejected');
    if (!failure) return fleet;
    await fleet.stop();
    throw failure.reason;
  }

  get names(): string[] {
    return [...this.services.keys()];
  }

  service(name: string): FleetService {
    const service = this.services.get(name);
    if (!service) throw new Error(`${name} is not in this fleet: ${this.names.join(', ')}`);
    return service;
  }

  /** Sends a signal, and waits for the end if it is one that ends a process. */
  kill(name: string, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    return this.service(name).kill(signal);
  }

  /** Starts a service again, after a graceful stop if it still runs. `extraEnv` is for the new run only. */
  async restart(name: string, extraEnv: NodeJS.ProcessEnv = {}): Promise<void> {
    const service = this.service(name);
    await service.stop(graceMilliseconds);
    await service.start(extraEnv);
  }

  /** Graceful first, forced after ten seconds. */
  async stop(): Promise<void> {
    await Promise.all([...this.services.values()].map((service) => service.stop(graceMilliseconds)));
  }
}

function fleetService(service: ServiceSpec, options: FleetOptions, logs: string): FleetService {
  const program = options.program ?? ((app) => join(repositoryRoot, 'apps', app, 'dist/main.js'));
  const register = pathToFileURL(join(repositoryRoot, 'libs/telemetry/dist/register.js')).href;
  const logFile = join(logs, `${service.name}.log`);
  writeFileSync(logFile, '', { mode: 0o600 });
  return new FleetService({
    name: service.name,
    parameters: [...(options.otlp ? ['--import', register] : []), program(service.app)],
    env: serviceEnv(service, options),
    logFile,
    onDeath: options.onDeath ?? tellDeath,
  });
}

/** What a service, or its migration, is run with. */
function serviceEnv(service: ServiceSpec, options: FleetOptions): NodeJS.ProcessEnv {
  const telemetry = options.otlp && {
    OTEL_EXPORTER_OTLP_ENDPOINT: options.otlp,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_SERVICE_NAME: service.name,
  };
  return {
    ...inheritedEnv(),
    DATABASE_URL: options.databaseUrl,
    DATABASE_SCHEMA: service.name.replaceAll('-', '_'),
    NATS_URL: options.natsUrl,
    HTTP_PORT: '0',
    SERVICE_INSTANCE: service.name,
    ...telemetry,
    ...options.env,
    ...service.env,
  };
}

function tellDeath({ name, code, signal, lastLines }: ServiceEnd): void {
  const how = signal ? `was ended by ${signal}` : `ended with code ${code}`;
  process.stderr.write(`\n${name} ${how}; its last words were:\n${lastLines}\n`);
}
