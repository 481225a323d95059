/** For specs: one SMP server as it runs, on real NATS and PostgreSQL, with clients, its operator and its metrics. */
import type { IncomingMessage } from '@chat-relays/agent';
import {
  connectBus,
  drainBus,
  type NatsConnection,
  request,
  serverToken,
  SmpClient,
  smpServerRequests,
} from '@chat-relays/bus';
import { loadConfig, type RunningService, startService } from '@chat-relays/service';
import { TestQueue } from '@chat-relays/simulation';
import { EMPTY } from '@chat-relays/smp';
import { type DataSource, migrate, openDataSource, smpTables } from '@chat-relays/storage';
import type { z } from 'zod';
import { configSchema } from '../src/config';
import { SmpServerModule } from '../src/smp-server.module';

type Requests = typeof smpServerRequests;
type Word<S> = S extends `smp-server.*.${infer W}` ? W : never;
/** `faults.set` of `smp-server.*.faults.set` */
type RequestName = Word<keyof Requests>;

export class ServerTown {
  service!: RunningService;
  private readonly clients: SmpClient[] = [];

  private constructor(
    readonly name: string,
    readonly bus: NatsConnection,
    readonly database: DataSource,
    private readonly schema: string,
  ) {}

  static async open(spec: string): Promise<ServerTown> {
    const { DATABASE_URL: url = '', NATS_URL: servers = '' } = process.env;
    const schema = `${spec.replaceAll('-', '_')}_${process.pid}`;
    await migrate({ url, schema }, smpTables);
    const database = await openDataSource({ url, schema }, smpTables);
    const bus = await connectBus({ servers, name: spec, timeoutMs: 60_000 });
    return new ServerTown(`${spec}.${process.pid}`, bus, database, schema);
  }

  async start(variables: NodeJS.ProcessEnv = {}): Promise<void> {
    const { DATABASE_URL, NATS_URL } = process.env;
    const config = loadConfig(configSchema, {
      ...{ DATABASE_URL, NATS_URL, DATABASE_SCHEMA: this.schema },
      ...{ SMP_SERVER_NAME: this.name, SMP_QUEUE_QUOTA: '1000', LOG_LEVEL: 'silent' },
      ...variables,
    });
    this.service = await startService({
      name: 'smp-server',
      config,
      scope: serverToken(this.name),
      database: (where) => openDataSource(where, smpTables),
      module: SmpServerModule,
    });
  }

  async stop(): Promise<void> {
    this.clients.splice(0).forEach((client) => client.close());
    await this.service.stop();
  }

  async close(): Promise<void> {
    await this.database.query(`DROP SCHEMA ${this.schema} CASCADE`);
    await this.database.destroy();
    await drainBus(this.bus);
  }

  client(timeoutMs = 60_000): TownClient {
    const messages: IncomingMessage[] = [];
    const smp = new SmpClient(this.bus, {
      onMessages: (arrived) => void messages.push(...arrived),
      timeoutMs,
      backOffMs: { first: 10, last: 50 },
    });
    this.clients.push(smp);
    return new TownClient(this.name, smp, messages);
  }

  /** Asks the server as its operator does. @throws {RequestFailed} */
  ask<N extends RequestName>(
    name: N,
    payload: z.input<Requests[`smp-server.*.${N}`]['request']>,
  ): Promise<z.output<Requests[`smp-server.*.${N}`]['reply']>> {
    const contract = smpServerRequests[`smp-server.*.${name}`];
    return request(this.bus, contract, payload as never, { scope: serverToken(this.name) });
  }

  /** What is exported now, by its name with its labels; undefined for what is not. */
  async metric(line: string): Promise<number | undefined> {
    const page = await (await fetch(`http://127.0.0.1:${this.service.port}/metrics`)).text();
    const found = page.split('\n').find((text) => text.startsWith(`${line} `));
    return found === undefined ? undefined : Number(found.slice(line.length + 1));
  }

  /** What a fault did so far. */
  faults(fault: string, command: string): Promise<number | undefined> {
    return this.metric(`chat_relays_smp_faults_total{fault="${fault}",command="${command}"}`);
  }
}

export class TownClient {
  constructor(
    private readonly server: string,
    readonly smp: SmpClient,
    readonly messages: IncomingMessage[],
  ) {}

  create(options?: Parameters<typeof TestQueue.create>[2]): Promise<TestQueue> {
    return TestQueue.create(this.smp, this.server, options);
  }

  /** The answer to a NEW that says this password. */
  askForQueue(password: string): Promise<string> {
    const [key, dhKey] = [TestQueue.keyPair(), TestQueue.keyPair()];
    const command = { ...TestQueue.command(key, dhKey), basicAuth: Buffer.from(password) };
    return this.ask(EMPTY, command, key);
  }

  /** The answer, as text: `OK`, `ERR AUTH`. */
  async ask(
    entityId: Uint8Array,
    command: Parameters<SmpClient['request']>[1]['command'],
    key?: TestQueue['key'],
  ) {
    const response = await this.smp.request(this.server, { entityId, command, ...(key && { key }) });
    return response.kind === 'ERR' ? `ERR ${response.error}` : response.kind;
  }

  send({ senderId }: Pick<TestQueue, 'senderId'>, text: string): Promise<string> {
    return this.ask(senderId, { kind: 'SEND', notify: false, body: Buffer.from(text) });
  }
}

export async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`waited for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
