import { randomBytes } from 'node:crypto';
import { TemporaryError, type IncomingMessage } from '@chat-relays/agent';
import {
  EMPTY,
  keyPairFromSeed,
  ServerCore,
  type Command,
  type QueueIds,
  type Response,
} from '@chat-relays/smp';
import { headers, type NatsConnection } from '@nats-io/transport-node';
import fc from 'fast-check';
import { connectBus, drainBus } from '../connection';
import { SmpClient } from './smp-client';
import { SmpListener, type IncomingCommand, type RejectedPayload } from './smp-listener';
import type { SmpRoadOptions } from './smp-road';
import { isInbox, serverToken, smpSubjects } from './smp-subjects';
import { readTraceHeaders, traceHeaders } from './trace-headers';

const servers = process.env['NATS_URL'] ?? '';
const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const OTHER_TRACE = '00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-01';

const until = async (what: string, condition: () => boolean): Promise<void> => {
  const deadline = Date.now() + 5_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`waited for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};

/** A server without a store: the core behind a listener, with switches to misbehave. */
class Server {
  readonly core = new ServerCore({ quota: 4, now: () => 1_700_000_000, randomBytes });
  readonly blocks: (readonly IncomingCommand[])[] = [];
  readonly rejected: RejectedPayload[] = [];
  readonly listener: SmpListener;
  deaf = false;
  failing = false;

  constructor(connection: NatsConnection, name: string, idleMs = 60_000) {
    this.listener = new SmpListener(connection, {
      server: name,
      idleMs,
      onCommands: (commands) => this.execute(commands),
      onSessionEnd: (session) => this.core.dropSession(session),
      onRejected: (reason) => void this.rejected.push(reason),
    });
  }

  private execute(commands: readonly IncomingCommand[]): void {
    this.blocks.push(commands);
    if (this.deaf) return;
    const batch = this.core.begin();
    for (const { session, transmission, trace } of commands) batch.apply(session, transmission, trace);
    this.listener.send(this.failing ? batch.discard() : batch.commit());
  }

  kinds(): string[] {
    return this.blocks
      .flat()
      .map(({ transmission }) => Buffer.from(transmission.body).toString('latin1', 0, 4).trim());
  }
}

let serverBus: NatsConnection;
let clientBus: NatsConnection;
let name: string;
let names = 0;
let server: Server;
const clients: SmpClient[] = [];

function newClient(options: Partial<SmpRoadOptions> = {}) {
  const messages: IncomingMessage[] = [];
  const lost: string[] = [];
  const ended: Uint8Array[] = [];
  const client = new SmpClient(clientBus, {
    timeoutMs: 400,
    pingMs: 60_000,
    backOffMs: { first: 10, last: 50 },
    onMessages: (arrived) => void messages.push(...arrived),
    onLost: (_server, reason) => void lost.push(reason),
    onEnded: (_server, recipientId) => void ended.push(recipientId),
    ...options,
  });
  clients.push(client);
  return { client, messages, lost, ended };
}

const key = (type: 'ed25519' | 'x25519') => keyPairFromSeed(type, randomBytes(32)).publicKey;
const newQueue = (subscribe = true): Command => ({
  kind: 'NEW',
  recipientKey: key('ed25519'),
  recipientDhKey: key('x25519'),
  subscribe,
});

async function create(client: SmpClient, subscribe = true): Promise<QueueIds> {
  const response = await client.request(name, { entityId: EMPTY, command: newQueue(subscribe) });
  if (response.kind !== 'IDS') throw new Error(JSON.stringify(response));
  return response;
}

const send = (client: SmpClient, senderId: Uint8Array, text: string, trace?: string): Promise<Response> =>
  client.request(name, {
    entityId: senderId,
    command: { kind: 'SEND', notify: false, body: Buffer.from(text) },
    ...(trace && { trace }),
  });

const texts = (messages: readonly IncomingMessage[]) =>
  messages.map(({ body }) => Buffer.from(body).toString());

beforeAll(async () => {
  serverBus = await connectBus({ servers, name: 'smp.spec server', timeoutMs: 5_000 });
  clientBus = await connectBus({ servers, name: 'smp.spec client', timeoutMs: 5_000 });
});

beforeEach(async () => {
  name = `smp-spec-${process.pid}-${++names}.example`;
  server = new Server(serverBus, name);
  await server.listener.start();
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await server.listener.stop();
});

afterAll(async () => {
  await drainBus(clientBus);
  await drainBus(serverBus);
});

test('create, send, receive, acknowledge', async () => {
  const { client, messages } = newClient();
  const { recipientId, senderId } = await create(client);
  expect(await Promise.all(['one', 'two'].map((text) => send(client, senderId, text)))).toEqual([
    { kind: 'OK' },
    { kind: 'OK' },
  ]);
  await until('the first message', () => messages.length === 1);
  expect(messages[0]).toMatchObject({ server: name, recipientId, timestamp: 1_700_000_000, quota: false });
  client.acknowledge(messages);
  await until('the second message', () => messages.length === 2);
  client.acknowledge([messages[1]!]);
  await until('the queue to be empty', () => server.core.snapshot().messages.length === 0);
  expect(texts(messages)).toEqual(['one', 'two']);
});

test('what is asked in one turn goes out in one block', async () => {
  const { client, messages } = newClient();
  const queues = await Promise.all(Array.from({ length: 20 }, () => create(client)));
  await Promise.all(queues.map(({ senderId }) => send(client, senderId, 'x')));
  await until('all messages', () => messages.length === 20);
  client.acknowledge(messages);
  await until('ACKs', () => server.core.snapshot().messages.length === 0);
  expect(server.blocks.map((block) => block.length)).toEqual([20, 20, 20]);
});

test('traces go along in headers, to the server and on to the receiver', async () => {
  const sender = newClient();
  const receiver = newClient();
  const { senderId } = await create(receiver.client);
  await Promise.all([
    send(sender.client, senderId, 'one', TRACE),
    send(sender.client, senderId, 'two'),
    send(sender.client, senderId, 'three', OTHER_TRACE),
  ]);
  for (let count = 1; count <= 3; count++) {
    await until(`message ${count}`, () => receiver.messages.length === count);
    receiver.client.acknowledge(receiver.messages.slice(-1));
  }
  expect(receiver.messages.map(({ trace }) => trace)).toEqual([TRACE, undefined, OTHER_TRACE]);
});

test('a quota marker is a message of its own', async () => {
  const { client, messages } = newClient();
  const { senderId } = await create(client);
  const answers: Response[] = [];
  for (const text of ['1', '2', '3', '4', '5']) answers.push(await send(client, senderId, text));
  expect(answers.at(-1)).toEqual({ kind: 'ERR', error: 'QUOTA' });
  for (let count = 1; count <= 5; count++) {
    await until(`message ${count}`, () => messages.length === count);
    client.acknowledge(messages.slice(-1));
  }
  expect(messages.map(({ quota }) => quota)).toEqual([false, false, false, false, true]);
  expect(messages[4]!.body).toHaveLength(0);
});

describe('subscriptions', () => {
  test('are renewed when the server starts anew, and the message comes again', async () => {
    const { client, messages, lost } = newClient();
    const { recipientId, senderId } = await create(client, false);
    await client.subscribe(name, [recipientId]);
    await send(client, senderId, 'one');
    await until('the message', () => messages.length === 1);
    server.listener.reset();
    await until('the message again', () => messages.length === 2);
    expect(messages[1]).toEqual(messages[0]);
    expect(lost).toEqual(['the server has started anew']);
  });

  test('are renewed when the server forgot the session, and wait for a server that is away', async () => {
    const { client, messages } = newClient({ pingMs: 20 });
    const { recipientId, senderId } = await create(client);
    await client.subscribe(name, [recipientId]);
    await server.listener.stop();
    const next = new Server(serverBus, name);
    next.core.load(server.core.snapshot());
    await new Promise((resolve) => setTimeout(resolve, 200));
    await next.listener.start();
    server = next;
    await until('the subscription', () => next.core.sizes.subscriptions === 1);
    await send(client, senderId, 'after');
    await until('the message', () => messages.length === 1);
  });

  test('of many queues go in blocks', async () => {
    const { client } = newClient();
    const queues = await Promise.all(Array.from({ length: 600 }, () => create(client, false)));
    server.blocks.length = 0;
    await client.subscribe(
      name,
      queues.map(({ recipientId }) => recipientId),
    );
    expect(server.blocks.map((block) => block.length)).toEqual([255, 255, 90]);
    await client.subscribe(
      name,
      queues.map(({ recipientId }) => recipientId),
    );
    expect(server.blocks).toHaveLength(3);
  });

  test('a queue that NEW subscribed needs no SUB', async () => {
    const { client } = newClient();
    const { recipientId } = await create(client);
    await client.subscribe(name, [recipientId]);
    expect(server.kinds()).toEqual(['NEW']);
  });

  test('a queue that does not exist is given up', async () => {
    const refused: string[] = [];
    const { client, lost } = newClient({ onRefused: (_server, _id, error) => void refused.push(error) });
    await client.subscribe(name, [randomBytes(24)]);
    server.listener.reset();
    await until('the end of the session', () => lost.length === 1);
    await client.request(name, { entityId: EMPTY, command: { kind: 'PING' } });
    expect(refused).toEqual(['AUTH']);
    expect(server.kinds()).toEqual(['SUB', 'PING']);
  });

  test('a takeover is reported and not fought over', async () => {
    const first = newClient();
    const second = newClient();
    const { recipientId } = await create(first.client);
    await first.client.subscribe(name, [recipientId]);
    await second.client.subscribe(name, [recipientId]);
    await until('END', () => first.ended.length === 1);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(second.ended).toEqual([]);
    expect(server.kinds().filter((kind) => kind === 'SUB')).toHaveLength(1);
  });
});

describe('no answer is a TemporaryError', () => {
  test('a server that is not there: at once', async () => {
    const { client } = newClient({ timeoutMs: 60_000 });
    const started = Date.now();
    const asked = client.request(`nobody-${name}`, { entityId: EMPTY, command: { kind: 'PING' } });
    await expect(asked).rejects.toThrow(TemporaryError);
    expect(Date.now() - started).toBeLessThan(2_000);
  });

  test('a server that has died in the middle: at once, by the block that finds nobody', async () => {
    const { client, lost } = newClient({ timeoutMs: 60_000 });
    const { senderId } = await create(client);
    await server.listener.stop();
    await expect(send(client, senderId, 'x')).rejects.toThrow(TemporaryError);
    expect(lost[0]).toBe('no server');
  });

  test('a server that does not answer: after the timeout, with a new session', async () => {
    const { client, lost } = newClient();
    const { senderId } = await create(client);
    server.deaf = true;
    await expect(send(client, senderId, 'x')).rejects.toThrow('no answer in time');
    server.deaf = false;
    expect(await send(client, senderId, 'y')).toEqual({ kind: 'OK' });
    expect(lost).toEqual(['no answer in time']);
  });

  test('ERR STORE', async () => {
    const { client } = newClient();
    const { senderId } = await create(client);
    server.failing = true;
    await expect(send(client, senderId, 'x')).rejects.toThrow('STORE not committed');
  });

  test('a session that the server has ended', async () => {
    const { client, lost } = newClient();
    const { senderId } = await create(client);
    await server.listener.stop();
    const next = new Server(serverBus, name, 40);
    next.core.load(server.core.snapshot());
    await next.listener.start();
    server = next;
    await until('the end of the first session', () => lost.length === 1);
    expect(await send(client, senderId, 'x')).toEqual({ kind: 'OK' });
    await until('the idle session to end', () => next.listener.sessionCount === 0);
    await expect(send(client, senderId, 'y')).rejects.toThrow('does not know the session');
    expect(next.rejected).toEqual(['session']);
    expect(await send(client, senderId, 'z')).toEqual({ kind: 'OK' });
  });

  test('a closed client', async () => {
    const { client } = newClient();
    await create(client);
    server.deaf = true;
    const asked = client.request(name, { entityId: EMPTY, command: { kind: 'PING' } });
    client.close();
    await expect(asked).rejects.toThrow('the client is closed');
    await expect(create(client)).rejects.toThrow(TemporaryError);
  });
});

test('a NEW with a corrId of the caller is sent with it, so that a retry is the same command', async () => {
  const { client } = newClient();
  const corrId = randomBytes(24);
  const command = newQueue();
  const first = await client.request(name, { entityId: EMPTY, command, corrId });
  expect(await client.request(name, { entityId: EMPTY, command, corrId })).toEqual(first);
  expect(server.blocks.map(([only]) => only!.transmission.corrId)).toEqual([corrId, corrId]);
});

test('a command that no frame holds is refused like one that is too large', async () => {
  const { client } = newClient();
  const { senderId } = await create(client);
  expect(await send(client, senderId, 'x'.repeat(70_000))).toEqual({ kind: 'ERR', error: 'LARGE_MSG' });
  expect(await send(client, senderId, 'x'.repeat(16_049))).toEqual({ kind: 'ERR', error: 'LARGE_MSG' });
});

test('no payload on any subject harms the server, and each rejected one is counted', async () => {
  const subjects = smpSubjects(name);
  const { client } = newClient();
  await create(client);
  const session = server.blocks[0]![0]!.session;
  const targets = [
    subjects.hello,
    subjects.block(session),
    subjects.block('0'.repeat(64)),
    subjects.block('x'),
  ];
  const garbage = headers();
  garbage.append('traceparent', '0 nonsense');
  garbage.append('traceparent', '999999 00');
  const handled = () => server.rejected.length + server.blocks.length + server.listener.sessionCount;
  const before = handled();
  fc.assert(
    fc.property(
      fc.constantFrom(...targets),
      fc.uint8Array({ maxLength: 2_000 }),
      fc.boolean(),
      (subject, payload, replies) => {
        clientBus.publish(subject, payload, {
          headers: garbage,
          ...(replies && { reply: 'smp-spec.reply' }),
        });
      },
    ),
    { numRuns: 2_000 },
  );
  expect(await client.request(name, { entityId: EMPTY, command: { kind: 'PING' } })).toEqual({
    kind: 'PONG',
  });
  expect(handled() - before).toBeGreaterThanOrEqual(2_000);
  expect(new Set(server.rejected)).toEqual(new Set(['hello', 'block', 'session']));
});

test('no payload in its inbox harms a client', async () => {
  const rejected: number[] = [];
  const { client } = newClient({ onRejected: (_server, bytes) => void rejected.push(bytes) });
  let inbox = '';
  const spy = serverBus.subscribe(smpSubjects(name).blocks, {
    callback: (_, { reply }) => void (inbox = reply ?? ''),
  });
  await serverBus.flush();
  await create(client);
  await until('the inbox', () => inbox !== '');
  spy.unsubscribe();
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 500 }), (payload) => serverBus.publish(inbox, payload)),
    { numRuns: 500 },
  );
  await until('rejections', () => rejected.length >= 400);
  expect(await client.request(name, { entityId: EMPTY, command: { kind: 'PING' } })).toEqual({
    kind: 'PONG',
  });
});

describe('subjects', () => {
  test.each([
    ['smp1', 'smp1'],
    ['smp.simplex.im', 'smp_simplex_im'],
    ['a.*.>', 'a__u2a___u3e_'],
    ['', '_'],
    ['bad name\r\n', 'bad_u20_name_ud__ua_'],
  ])('the token of %j is %s', (host, token) => {
    expect(serverToken(host)).toBe(token);
  });

  test.each(['_INBOX.abc', 'a', '_INBOX.a.b-c_d'])('%s is an inbox', (text) =>
    expect(isInbox(text)).toBe(true),
  );
  test.each(['', 'a b', 'a.*', '>', 'a..b', '.a', 'a\r\n', 'é', 'a'.repeat(256)])('%j is none', (text) => {
    expect(isInbox(text)).toBe(false);
  });
});

test('trace headers: what is no traceparent is left out', () => {
  expect(traceHeaders([{}, {}])).toBeUndefined();
  expect(traceHeaders([{ trace: 'bad\r\nvalue' }])).toBeUndefined();
  const carrier = traceHeaders([{}, { trace: TRACE }, { trace: OTHER_TRACE }]);
  carrier?.append('traceparent', `1000 ${TRACE}`);
  expect([...readTraceHeaders(carrier)]).toEqual([
    [1, TRACE],
    [2, OTHER_TRACE],
  ]);
});
