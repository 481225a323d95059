import { randomBytes } from 'node:crypto';
import { TemporaryError } from '@chat-relays/agent';
import { smpSubjects } from '@chat-relays/bus';
import type { TestQueue } from '@chat-relays/simulation';
import { EMPTY } from '@chat-relays/smp';
import { ServerTown, type TownClient, until } from '../test/server-town';

const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

let town: ServerTown;
let client: TownClient;

const texts = (queue: TestQueue) => client.messages.map((message) => queue.text(message));
const send = (senderId: Uint8Array, text: string, trace?: string) =>
  client.smp.request(town.name, {
    entityId: senderId,
    command: { kind: 'SEND', notify: false, body: Buffer.from(text) },
    ...(trace && { trace }),
  });

beforeAll(async () => {
  town = await ServerTown.open('smp-server-spec');
});

beforeEach(async () => {
  await town.start();
  client = town.client();
});

afterEach(() => town.stop());
afterAll(() => town.close());

test('what was answered OK is there after a restart, and is delivered to whoever subscribed before', async () => {
  const queue = await client.create();
  const { senderId } = queue;
  await client.smp.subscribe(town.name, [queue]);
  expect(await Promise.all([send(senderId, 'one', TRACE), send(senderId, 'two')])).toEqual([
    { kind: 'OK' },
    { kind: 'OK' },
  ]);
  await until('the first message', () => client.messages.length === 1);
  await town.service.stop();
  await town.start();
  await until('the first message again', () => client.messages.length === 2);
  client.smp.acknowledge(client.messages.slice(1));
  await until('the second message', () => client.messages.length === 3);
  client.smp.acknowledge(client.messages.slice(2));
  await until('nothing to be left', async () => (await town.metric('simplex_smp_messages_total')) === 0);
  expect(texts(queue)).toEqual(['one', 'one', 'two']);
  expect(client.messages.map(({ trace }) => trace)).toEqual([TRACE, TRACE, undefined]);
});

test('a commit that fails: ERR STORE, nothing visible, everything goes on when the store does', async () => {
  const queue = await client.create();
  const { senderId } = queue;
  await client.smp.subscribe(town.name, [queue]);
  await town.database.query('ALTER TABLE message_blocks RENAME COLUMN added TO added_away');
  await expect(send(senderId, 'lost')).rejects.toThrow(TemporaryError);
  await town.database.query('ALTER TABLE message_blocks RENAME COLUMN added_away TO added');
  await until('the server to be back', async () => {
    const answer = await send(senderId, 'found').catch(() => undefined);
    return answer?.kind === 'OK';
  });
  await until('a message', () => client.messages.length > 0);
  expect(new Set(texts(queue))).toEqual(new Set(['found']));
  expect(await town.metric('chat_relays_smp_failed_commits_total')).toBe(1);
});

test('while one batch is being stored the others gather into the next', async () => {
  const { senderId } = await client.create();
  const lock = town.database.createQueryRunner();
  await lock.startTransaction();
  await lock.query('LOCK TABLE message_blocks IN EXCLUSIVE MODE');
  const answers: Promise<unknown>[] = [];
  const before = (await town.metric('chat_relays_smp_batch_commands_count'))!;
  for (let count = 0; count < 20; count++) {
    answers.push(send(senderId, `${count}`));
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await lock.commitTransaction();
  await lock.release();
  expect(await Promise.all(answers)).toEqual(Array.from({ length: 20 }, () => ({ kind: 'OK' })));
  expect((await town.metric('chat_relays_smp_batch_commands_count'))! - before).toBe(2);
});

test('10,000 payloads of any bytes: none harms it, each is counted', async () => {
  await client.create();
  const { hello, block } = smpSubjects(town.name);
  for (let count = 0; count < 10_000; count++) {
    const size = count % 100 === 0 ? 65_536 : count % 500;
    town.bus.publish(count % 2 === 0 ? hello : block('ff'.repeat(32)), randomBytes(size));
    if (count % 500 === 0) await town.bus.flush();
  }
  expect(await client.smp.request(town.name, { entityId: EMPTY, command: { kind: 'PING' } })).toEqual({
    kind: 'PONG',
  });
  expect(await town.metric('chat_relays_smp_rejected_total{reason="hello"}')).toBe(5_000);
  expect(await town.metric('chat_relays_smp_rejected_total{reason="session"}')).toBe(5_000);
});
