import type { Changes, MessageRecord, QueueRecord, Snapshot } from '@chat-relays/smp';
import type { DataSource } from 'typeorm';
import { migrate, openDataSource } from '../data-source';
import { SmpStore } from './smp-store';
import { smpTables } from './smp-tables';

const address = { url: process.env['DATABASE_URL'] ?? '', schema: `smp_store_spec_${process.pid}` };
let source: DataSource;
let store: SmpStore;

const bytes = (value: number, length = 24): Buffer => Buffer.alloc(length, value);
const queue = (number: number, more: Partial<QueueRecord> = {}): QueueRecord => ({
  recipientId: bytes(number),
  senderId: bytes(number + 1),
  recipientKey: bytes(number + 2, 44),
  recipientDhKey: bytes(number + 3, 44),
  serverDhSeed: bytes(number + 4, 32),
  newHash: bytes(number + 5, 32),
  suspended: false,
  ...more,
});
const link = (number: number) => ({
  linkId: bytes(number),
  fixedData: Buffer.from([0, 92, 255, 34, number]),
  userData: Buffer.from('user \\ "data"'),
});
const message = (seq: number, recipient: number, more: Partial<MessageRecord> = {}): MessageRecord => ({
  seq,
  recipientId: bytes(recipient),
  msgId: bytes(seq % 256),
  body: Buffer.from(`\0message ${seq}\\`),
  quota: false,
  ...more,
});
const none: Changes = { putQueues: [], deletedQueues: [], addedMessages: [], removedMessages: [] };

/** Rows in the order of their ids: a table has none. */
async function load(): Promise<Snapshot> {
  const { queues, messages } = await store.load();
  return { queues: [...queues].sort((a, b) => Buffer.compare(a.recipientId, b.recipientId)), messages };
}

beforeAll(async () => {
  await migrate(address, smpTables);
  source = await openDataSource(address, smpTables);
  store = new SmpStore(source);
});

beforeEach(() => source.query('TRUNCATE queues, messages'));

afterAll(async () => {
  await source.query(`DROP SCHEMA ${address.schema} CASCADE`);
  await source.destroy();
});

test('what was committed is loaded, byte for byte', async () => {
  const queues = [
    queue(10),
    queue(20, { mode: 'M' }),
    queue(30, { mode: 'C', link: link(1), suspended: true }),
  ];
  const trace = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  const messages = [
    message(1, 10),
    message(2, 30, { trace, body: Buffer.alloc(0) }),
    message(3, 10, { body: Buffer.alloc(16_058, 7) }),
    message(2 ** 40, 10, { quota: true }),
  ];
  await store.commit({ ...none, putQueues: queues, addedMessages: messages });
  expect(await load()).toEqual({ queues, messages });
});

test('changes: link set and deleted, queue suspended and deleted, messages removed and added at once', async () => {
  await store.commit({
    ...none,
    putQueues: [queue(10), queue(20, { link: link(1) }), queue(30)],
    addedMessages: [message(1, 10), message(2, 20), message(3, 10)],
  });
  await store.commit({
    putQueues: [queue(10, { link: link(2), suspended: true }), queue(20)],
    deletedQueues: [bytes(30)],
    addedMessages: [message(4, 20)],
    removedMessages: [1, 2],
  });
  await store.commit({ ...none, addedMessages: [message(5, 10)], removedMessages: [3] });
  expect(await load()).toEqual({
    queues: [queue(10, { link: link(2), suspended: true }), queue(20)],
    messages: [message(4, 20), message(5, 10)],
  });
});

test('an id moves from one queue to another in one batch, in any order', async () => {
  await store.commit({ ...none, putQueues: [queue(10, { link: link(1) }), queue(20)] });
  await store.commit({ ...none, putQueues: [queue(20, { link: link(1) }), queue(10)] });
  expect((await load()).queues.map((row) => row.link)).toEqual([undefined, link(1)]);
});

test('a batch is all or nothing', async () => {
  await store.commit({ ...none, putQueues: [queue(10)], addedMessages: [message(1, 10)] });
  const before = await load();
  const clash = store.commit({
    ...none,
    putQueues: [queue(20)],
    addedMessages: [message(2, 20), message(1, 20)],
    removedMessages: [],
  });
  await expect(clash).rejects.toThrow('messages_pkey');
  const late = store.commit({
    putQueues: [queue(30, { senderId: bytes(11) })],
    deletedQueues: [],
    addedMessages: [message(3, 30)],
    removedMessages: [1],
  });
  await expect(late).rejects.toThrow('queues_sender_id');
  expect(await load()).toEqual(before);
});

test('a commit waits for the disk', async () => {
  const [{ synchronous_commit: mode }] = await source.query('SHOW synchronous_commit');
  expect(mode).toBe('on');
});

test('the migration makes the tables that entities.ts says', async () => {
  const { upQueries } = await source.driver.createSchemaBuilder().log();
  expect(upQueries.map(({ query }) => query)).toEqual([]);
});
