import { randomBytes } from 'node:crypto';
import { type IncomingMessage, TemporaryError } from '@chat-relays/agent';
import { connectBus, drainBus, type NatsConnection, SmpClient, smpSubjects } from '@chat-relays/bus';
import { loadConfig, type RunningService, startService } from '@chat-relays/service';
import { EMPTY, realCrypto, type QueueIds } from '@chat-relays/smp';
import { type DataSource, migrate, openDataSource, smpTables } from '@chat-relays/storage';
import { configSchema } from './config';
import { SmpServerModule } from './smp-server.module';

const { DATABASE_URL, NATS_URL } = process.env;
const name = `smp-server-spec-${process.pid}`;
const config = loadConfig(configSchema, {
  DATABASE_URL,
  NATS_URL,
  DATABASE_SCHEMA: `smp_server_spec_${process.pid}`,
  SMP_SERVER_NAME: name,
  SMP_QUEUE_QUOTA: '1000',
  LOG_LEVEL: 'silent',
});
const address = { url: config.DATABASE_URL, schema: config.DATABASE_SCHEMA };

const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

let service: RunningService;
let bus: NatsConnection;
let database: DataSource;
let client: SmpClient;
let messages: IncomingMessage[] = [];

const start = () =>
  startService({
    name: 'smp-server',
    config,
    database: (where) => openDataSource(where, smpTables),
    module: SmpServerModule,
  });

const until = async (what: string, condition: () => boolean | Promise<boolean>): Promise<void> => {
  const deadline = Date.now() + 5_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`waited for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};

const key = (type: 'ed25519' | 'x25519') => realCrypto.keyPair(type, randomBytes(32)).publicKey;

async function create(): Promise<QueueIds> {
  const response = await client.request(name, {
    entityId: EMPTY,
    command: {
      kind: 'NEW',
      recipientKey: key('ed25519'),
      recipientDhKey: key('x25519'),
      subscribe: true,
    },
  });
  if (response.kind !== 'IDS') throw new Error(JSON.stringify(response));
  return response;
}

const send = (senderId: Uint8Array, text: string, trace?: string) =>
  client.request(name, {
    entityId: senderId,
    command: { kind: 'SEND', notify: false, body: Buffer.from(text) },
    ...(trace && { trace }),
  });

const texts = () => messages.map(({ body }) => Buffer.from(body).toString());

async function metric(line: string): Promise<number | undefined> {
  const page = await (await fetch(`http://127.0.0.1:${service.port}/metrics`)).text();
  const found = page.split('\n').find((text) => text.startsWith(`${line} `));
  return found === undefined ? undefined : Number(found.slice(line.length + 1));
}

beforeAll(async () => {
  await migrate(address, smpTables);
  database = await openDataSource(address, smpTables);
  bus = await connectBus({ servers: config.NATS_URL, name: 'smp-server.spec', timeoutMs: 5_000 });
});

beforeEach(async () => {
  service = await start();
  messages = [];
  client = new SmpClient(bus, {
    onMessages: (arrived) => void messages.push(...arrived),
    timeoutMs: 3_000,
    backOffMs: { first: 10, last: 50 },
  });
});

afterEach(async () => {
  client.close();
  await service.stop();
});

afterAll(async () => {
  await database.query(`DROP SCHEMA ${address.schema} CASCADE`);
  await database.destroy();
  await drainBus(bus);
});

test('what was answered OK is there after a restart, and is delivered to whoever subscribed before', async () => {
  const { recipientId, senderId } = await create();
  await client.subscribe(name, [recipientId]);
  expect(await Promise.all([send(senderId, 'one', TRACE), send(senderId, 'two')])).toEqual([
    { kind: 'OK' },
    { kind: 'OK' },
  ]);
  await until('the first message', () => messages.length === 1);
  await service.stop();
  service = await start();
  await until('the first message again', () => messages.length === 2);
  client.acknowledge(messages.slice(1));
  await until('the second message', () => messages.length === 3);
  client.acknowledge(messages.slice(2));
  await until('an empty table', async () => (await database.query('SELECT FROM messages')).length === 0);
  expect(texts()).toEqual(['one', 'one', 'two']);
  expect(messages.map(({ trace }) => trace)).toEqual([TRACE, TRACE, undefined]);
});

test('a commit that fails: ERR STORE, nothing visible, everything goes on when the store does', async () => {
  const { recipientId, senderId } = await create();
  await client.subscribe(name, [recipientId]);
  await database.query('ALTER TABLE messages RENAME COLUMN trace TO trace_away');
  await expect(send(senderId, 'lost')).rejects.toThrow(TemporaryError);
  await database.query('ALTER TABLE messages RENAME COLUMN trace_away TO trace');
  await until('the server to be back', async () => {
    const answer = await send(senderId, 'found').catch(() => undefined);
    return answer?.kind === 'OK';
  });
  await until('a message', () => messages.length > 0);
  expect(new Set(texts())).toEqual(new Set(['found']));
  expect(await metric('chat_relays_smp_failed_commits_total')).toBe(1);
});

test('while one batch is being stored the others gather into the next', async () => {
  const { senderId } = await create();
  const lock = database.createQueryRunner();
  await lock.startTransaction();
  await lock.query('LOCK TABLE messages IN EXCLUSIVE MODE');
  const answers: Promise<unknown>[] = [];
  const before = (await metric('chat_relays_smp_batch_commands_count'))!;
  for (let count = 0; count < 20; count++) {
    answers.push(send(senderId, `${count}`));
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await lock.commitTransaction();
  await lock.release();
  expect(await Promise.all(answers)).toEqual(Array.from({ length: 20 }, () => ({ kind: 'OK' })));
  expect((await metric('chat_relays_smp_batch_commands_count'))! - before).toBe(2);
});

test('counts by the names that SMP servers use', async () => {
  const { recipientId, senderId } = await create();
  const before = await metric('simplex_smp_messages_total');
  await send(senderId, 'one');
  await send(senderId, 'x'.repeat(16_049));
  await send(randomBytes(24), 'nobody');
  await until('the message', () => messages.length === 1);
  client.acknowledge(messages);
  await client.subscribe(name, [randomBytes(24)]);
  await client.request(name, { entityId: recipientId, command: { kind: 'DEL' } });
  expect({
    created: await metric('simplex_smp_queues_created'),
    deleted: await metric('simplex_smp_queues_deleted{type="all"}'),
    sent: await metric('simplex_smp_messages_sent'),
    large: await metric('simplex_smp_messages_sent_errors{type="large"}'),
    unknown: await metric('simplex_smp_messages_sent_errors{type="auth"}'),
    received: await metric('simplex_smp_messages_received'),
    refused: await metric('simplex_smp_subscribtion_errors{type="auth"}'),
    stored: await metric('simplex_smp_messages_total'),
    clients: await metric('simplex_smp_subscribtion_clients_total'),
  }).toEqual({
    created: 1,
    deleted: 1,
    sent: 1,
    large: 1,
    unknown: 1,
    received: 1,
    refused: 1,
    stored: before,
    clients: 1,
  });
});

test('10,000 payloads of any bytes: none harms it, each is counted', async () => {
  await create();
  const { hello, block } = smpSubjects(name);
  for (let count = 0; count < 10_000; count++) {
    const size = count % 100 === 0 ? 65_536 : count % 500;
    bus.publish(count % 2 === 0 ? hello : block('ff'.repeat(32)), randomBytes(size));
    if (count % 500 === 0) await bus.flush();
  }
  expect(await client.request(name, { entityId: EMPTY, command: { kind: 'PING' } })).toEqual({
    kind: 'PONG',
  });
  expect(await metric('chat_relays_smp_rejected_total{reason="hello"}')).toBe(5_000);
  expect(await metric('chat_relays_smp_rejected_total{reason="session"}')).toBe(5_000);
});
