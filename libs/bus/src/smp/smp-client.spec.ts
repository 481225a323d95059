import { randomBytes } from 'node:crypto';
import { TemporaryError } from '@chat-relays/agent';
import { EMPTY, type Response } from '@chat-relays/smp';
import { TestQueue } from '@chat-relays/simulation';
import { openTown, type SmpTown, TestSmpServer, until } from '../../test/smp-town';

const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const OTHER_TRACE = '00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-01';

let town: SmpTown;

beforeEach(async () => {
  town = await openTown(process.env.NATS_URL);
});

afterEach(() => town.close());

test('create, send, receive, acknowledge', async () => {
  const { client, messages } = town.newClient();
  const queue = await town.create(client);
  const { recipientId, senderId } = queue;
  expect(await Promise.all(['one', 'two'].map((text) => town.send(client, senderId, text)))).toEqual([
    { kind: 'OK' },
    { kind: 'OK' },
  ]);
  await until('the first message', () => messages.length === 1);
  expect(messages[0]).toMatchObject({ server: town.name, recipientId });
  expect(queue.open(messages[0])).toMatchObject({ timestamp: 1_700_000_000, notify: false });
  client.acknowledge(messages);
  await until('the second message', () => messages.length === 2);
  client.acknowledge([messages[1]]);
  await until('the queue to be empty', () => town.server.core.snapshot().messages.length === 0);
  expect(messages.map((message) => queue.text(message))).toEqual(['one', 'two']);
});

test('what is asked in one turn goes out in one block', async () => {
  const { client, messages } = town.newClient();
  const queues = await Promise.all(Array.from({ length: 20 }, () => town.create(client)));
  await Promise.all(queues.map(({ senderId }) => town.send(client, senderId, 'x')));
  await until('all messages', () => messages.length === 20);
  client.acknowledge(messages);
  await until('ACKs', () => town.server.core.snapshot().messages.length === 0);
  expect(town.server.blocks.map((block) => block.length)).toEqual([20, 20, 20]);
});

test('traces go along in headers, to the server and on to the receiver', async () => {
  const sender = town.newClient();
  const receiver = town.newClient();
  const { senderId } = await town.create(receiver.client);
  await Promise.all([
    town.send(sender.client, senderId, 'one', TRACE),
    town.send(sender.client, senderId, 'two'),
    town.send(sender.client, senderId, 'three', OTHER_TRACE),
  ]);
  for (let count = 1; count <= 3; count++) {
    await until(`message ${count}`, () => receiver.messages.length === count);
    receiver.client.acknowledge(receiver.messages.slice(-1));
  }
  expect(receiver.messages.map(({ trace }) => trace)).toEqual([TRACE, undefined, OTHER_TRACE]);
});

test('a trace belongs to its transmission also in the second block of a turn', async () => {
  const { client } = town.newClient();
  const traces = Array.from({ length: 300 }, (_, index) => (index === 280 ? TRACE : undefined));
  await Promise.all(traces.map((trace) => town.send(client, randomBytes(24), 'x', trace)));
  expect(town.server.blocks.map((block) => block.length)).toEqual([255, 45]);
  expect(town.server.blocks.flat().map(({ trace }) => trace)).toEqual(traces);
});

test('a quota marker is a message of its own', async () => {
  const { client, messages } = town.newClient();
  const queue = await town.create(client);
  const answers: Response[] = [];
  for (const text of ['1', '2', '3', '4', '5']) answers.push(await town.send(client, queue.senderId, text));
  expect(answers.at(-1)).toEqual({ kind: 'ERR', error: 'QUOTA' });
  for (let count = 1; count <= 5; count++) {
    await until(`message ${count}`, () => messages.length === count);
    client.acknowledge(messages.slice(-1));
  }
  expect(messages.map((message) => queue.text(message))).toEqual(['1', '2', '3', '4', 'QUOTA']);
});

describe('no answer is a TemporaryError', () => {
  test('a server that is not there: at once', async () => {
    const { client } = town.newClient({ timeoutMs: 3_600_000 });
    const asked = client.request(`nobody-${town.name}`, { entityId: EMPTY, command: { kind: 'PING' } });
    await expect(asked).rejects.toThrow(TemporaryError);
  });

  test('a server that has died in the middle: at once, by the block that finds nobody', async () => {
    const { client, lost } = town.newClient({ timeoutMs: 3_600_000 });
    const { senderId } = await town.create(client);
    await town.server.listener.stop();
    await expect(town.send(client, senderId, 'x')).rejects.toThrow(TemporaryError);
    expect(lost[0]).toBe('no server');
  });

  test('a server that does not answer: after the timeout, with a new session', async () => {
    const { client, lost } = town.newClient();
    const { senderId } = await town.create(client);
    town.server.deaf = true;
    await expect(town.send(client, senderId, 'x')).rejects.toThrow('no answer in time');
    town.server.deaf = false;
    expect(await town.send(client, senderId, 'y')).toEqual({ kind: 'OK' });
    expect(lost).toEqual(['no answer in time']);
  });

  test('ERR STORE', async () => {
    const { client } = town.newClient();
    const { senderId } = await town.create(client);
    town.server.failing = true;
    await expect(town.send(client, senderId, 'x')).rejects.toThrow('STORE not committed');
  });

  test('a session that the server has ended', async () => {
    const { client, lost } = town.newClient();
    const { senderId } = await town.create(client);
    await town.server.listener.stop();
    const next = new TestSmpServer(town.serverBus, town.name, 40);
    next.core.load(town.server.core.snapshot());
    await next.listener.start();
    town.server = next;
    await until('the end of the first session', () => lost.length === 1);
    expect(await town.send(client, senderId, 'x')).toEqual({ kind: 'OK' });
    await until('the idle session to end', () => next.listener.sessionCount === 0);
    await expect(town.send(client, senderId, 'y')).rejects.toThrow('does not know the session');
    expect(next.rejected).toEqual(['session']);
    expect(await town.send(client, senderId, 'z')).toEqual({ kind: 'OK' });
  });

  test('a server that does not answer while the clock is set back by an hour', async () => {
    const { client } = town.newClient();
    const { senderId } = await town.create(client);
    town.server.deaf = true;
    const asked = town.send(client, senderId, 'x');
    const clock = jest.spyOn(Date, 'now').mockReturnValue(Date.now() - 3_600_000);
    await expect(asked).rejects.toThrow('no answer in time');
    clock.mockRestore();
  });

  test('a closed client', async () => {
    const { client } = town.newClient();
    await town.create(client);
    town.server.deaf = true;
    const asked = client.request(town.name, { entityId: EMPTY, command: { kind: 'PING' } });
    client.close();
    await expect(asked).rejects.toThrow('the client is closed');
    await expect(town.create(client)).rejects.toThrow(TemporaryError);
  });
});

test('a NEW with a corrId of the caller is sent with it, so that a retry is the same command', async () => {
  const { client } = town.newClient();
  const corrId = randomBytes(24);
  const key = TestQueue.keyPair();
  const command = TestQueue.command(key, TestQueue.keyPair());
  const first = await client.request(town.name, { entityId: EMPTY, command, corrId, key });
  expect(await client.request(town.name, { entityId: EMPTY, command, corrId, key })).toEqual(first);
  expect(town.server.blocks.map(([only]) => only.transmission.corrId)).toEqual([corrId, corrId]);
});

test('a command that no frame holds is refused like one that is too large', async () => {
  const { client } = town.newClient();
  const { senderId } = await town.create(client);
  expect(await town.send(client, senderId, 'x'.repeat(70_000))).toEqual({ kind: 'ERR', error: 'LARGE_MSG' });
  expect(await town.send(client, senderId, 'x'.repeat(16_049))).toEqual({ kind: 'ERR', error: 'LARGE_MSG' });
});
