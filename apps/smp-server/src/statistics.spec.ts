import { randomBytes } from 'node:crypto';
import { EMPTY } from '@chat-relays/smp';
import { TestQueue } from '@chat-relays/simulation';
import { ServerTown, until } from '../test/server-town';

let town: ServerTown;

beforeAll(async () => {
  town = await ServerTown.open('statistics-spec');
});
beforeEach(() => town.start({ SMP_QUEUE_QUOTA: '2' }));
afterEach(() => town.stop());
afterAll(() => town.close());

const SUB = { kind: 'SUB' } as const;
const GET = { kind: 'GET' } as const;
const DEL = { kind: 'DEL' } as const;

const figures = async (...names: string[]) =>
  Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await town.metric(`simplex_smp_${name}`)] as const)),
  );

test('queues: created, secured, deleted while secured or not, used lately', async () => {
  const client = town.client();
  const [open, secured, kept] = [await client.create(), await client.create(), await client.create()];
  const key = TestQueue.keyPair();
  const secure = { kind: 'KEY', key: key.publicKey } as const;
  expect(await client.ask(secured.recipientId, secure, secured.key)).toBe('OK');
  expect(await client.ask(secured.recipientId, secure, secured.key)).toBe('OK');
  for (const queue of [open, secured]) expect(await client.ask(queue.recipientId, DEL, queue.key)).toBe('OK');
  expect(await client.ask(secured.recipientId, DEL, secured.key)).toBe('ERR AUTH');
  const names = ['queues_total1', 'queues_total2', 'queues_daily', 'queues_weekly', 'queues_monthly'];
  expect(
    await figures(
      'queues_created',
      'queues_secured',
      'queues_deleted{type="all"}',
      'queues_deleted{type="new"}',
      'queues_deleted{type="secured"}',
      ...names,
    ),
  ).toEqual({
    queues_created: 3,
    queues_secured: 1,
    'queues_deleted{type="all"}': 2,
    'queues_deleted{type="new"}': 1,
    'queues_deleted{type="secured"}': 1,
    ...Object.fromEntries(names.map((name) => [name, 1])),
  });
  await town.service.stop();
  await town.start();
  expect(await figures(...names)).toEqual(Object.fromEntries(names.map((name) => [name, 1])));
  await client.ask(kept.recipientId, DEL, kept.key);
  expect(await figures('queues_total1', 'queues_total2')).toEqual({ queues_total1: 0, queues_total2: 0 });
});

test('a NEW that is repeated, with the same bytes, is one queue', async () => {
  const client = town.client();
  const [key, dhKey] = [TestQueue.keyPair(), TestQueue.keyPair()];
  const request = {
    entityId: EMPTY,
    command: TestQueue.command(key, dhKey),
    key,
    corrId: randomBytes(24),
  };
  for (const _ of [1, 2]) expect((await client.smp.request(town.name, request)).kind).toBe('IDS');
  expect(await figures('queues_created')).toEqual({ queues_created: 1 });
});

test('messages: sent, received, and why not', async () => {
  const client = town.client();
  const queue = await client.create();
  expect(await client.send(queue, 'one')).toBe('OK');
  expect(await client.send(queue, 'two')).toBe('OK');
  for (const _ of [1, 2]) expect(await client.send(queue, 'three')).toBe('ERR QUOTA');
  expect(await client.send(queue, 'x'.repeat(16_049))).toBe('ERR LARGE_MSG');
  expect(await client.send({ senderId: randomBytes(24) }, 'nobody')).toBe('ERR AUTH');
  await until('the first message', () => client.messages.length === 1);
  expect(
    await figures(
      'messages_total',
      'subscribtion_total',
      'subscribtion_clients_total',
      'delivered_total',
      'delivered_clients_total',
      'delivery_ack_pending_count',
    ),
  ).toEqual({
    messages_total: 3,
    subscribtion_total: 1,
    subscribtion_clients_total: 1,
    delivered_total: 1,
    delivered_clients_total: 1,
    delivery_ack_pending_count: 1,
  });
  for (const count of [1, 2, 3]) {
    await until('the next', () => client.messages.length === count);
    client.smp.acknowledge(client.messages.slice(-1));
  }
  await until('nothing to be left', async () => (await town.metric('simplex_smp_messages_total')) === 0);
  expect(
    await figures(
      'messages_sent',
      'messages_received',
      ...['auth', 'quota', 'large'].map((type) => `messages_sent_errors{type="${type}"}`),
      'delivered_total',
      'delivery_ack_pending_count',
      'delivery_ack_time_max',
      'delivery_ack_confirmed_time_count',
      'delivery_ack_confirmed_time_bucket{le="180"}',
      'clients_total',
    ),
  ).toEqual({
    messages_sent: 2,
    messages_received: 2,
    'messages_sent_errors{type="auth"}': 1,
    'messages_sent_errors{type="quota"}': 2,
    'messages_sent_errors{type="large"}': 1,
    delivered_total: 0,
    delivery_ack_pending_count: 0,
    delivery_ack_time_max: 0,
    // the marker of the full queue, too
    delivery_ack_confirmed_time_count: 3,
    'delivery_ack_confirmed_time_bucket{le="180"}': 3,
    clients_total: 1,
  });
});

test('subscriptions and GET: successes, repetitions, refusals, takeovers', async () => {
  const [first, second] = [town.client(), town.client()];
  const queue = await first.create({ subscribe: false });
  const { recipientId, key } = queue;
  await first.send(queue, 'one');
  expect(await second.ask(recipientId, GET, key)).toBe('MSG');
  expect(await second.ask(recipientId, GET, key)).toBe('MSG');
  expect(await second.ask(recipientId, SUB, key)).toBe('ERR CMD PROHIBITED');
  expect(await second.ask(randomBytes(24), GET, key)).toBe('ERR AUTH');
  const { msgId } = second.messages[0];
  expect(await second.ask(recipientId, { kind: 'ACK', msgId }, key)).toBe('OK');
  expect(await first.ask(recipientId, SUB, key)).toBe('SOK');
  expect(await first.ask(recipientId, SUB, key)).toBe('SOK');
  expect(await first.ask(recipientId, GET, key)).toBe('ERR CMD PROHIBITED');
  expect(await first.ask(randomBytes(24), SUB, key)).toBe('ERR AUTH');
  expect(await town.client().ask(recipientId, SUB, key)).toBe('SOK');
  expect(
    await figures(
      'messages_received',
      'messages_notify_get_sent',
      'messages_notify_get_received',
      ...['auth', 'duplicate', 'prohibited'].map((type) => `messages_notify_get_errors{type="${type}"}`),
      'subscribtion_successes',
      'subscribtion_end',
      ...['auth', 'duplicate', 'prohibited'].map((type) => `subscribtion_errors{type="${type}"}`),
      'delivery_ack_confirmed_time_count',
    ),
  ).toEqual({
    messages_received: 1,
    messages_notify_get_sent: 2,
    messages_notify_get_received: 1,
    'messages_notify_get_errors{type="auth"}': 1,
    'messages_notify_get_errors{type="duplicate"}': 1,
    'messages_notify_get_errors{type="prohibited"}': 1,
    subscribtion_successes: 2,
    subscribtion_end: 1,
    'subscribtion_errors{type="auth"}': 1,
    'subscribtion_errors{type="duplicate"}': 1,
    'subscribtion_errors{type="prohibited"}': 1,
    delivery_ack_confirmed_time_count: 1,
  });
  expect(
    await town.metric(`simplex_smp_info{server="${town.name}",software="chat-relays",smp_versions="18-18"}`),
  ).toBe(1);
});
