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
  recipientKeys: [bytes(number + 2, 44)],
  recipientDhKey: bytes(number + 3, 44),
  serverDhSeed: bytes(number + 4, 32),
  newHash: bytes(number + 5, 32),
  status: 'active',
  updatedOn: 20_000 + number,
  ...more,
});
const link = (number: number) => ({
  linkId: bytes(number),
  fixedData: Buffer.from([0, 92, 255, 34, number]),
  userData: Buffer.from('user \\ "data"'),
});
const message = (
  seq: number,
  recipient: number,
  more: { trace?: string; body?: Buffer; notify?: boolean } = {},
): MessageRecord => ({
  seq,
  recipientId: bytes(recipient),
  msgId: bytes(seq % 256),
  timestamp: 1_800_000_000 + seq,
  quota: false,
  notify: false,
  body: Buffer.from(`\0message ${seq}\\`),
  ...more,
});
const marker = (seq: number, recipient: number): MessageRecord => ({
  ...{ seq, recipientId: bytes(recipient), msgId: bytes(seq % 256), timestamp: 1, quota: true },
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

beforeEach(async () => {
  await source.query('TRUNCATE queues, message_blocks');
  store = new SmpStore(source);
});

afterAll(async () => {
  await source.query(`DROP SCHEMA ${address.schema} CASCADE`);
  await source.destroy();
});

test('what was committed is loaded, byte for byte', async () => {
  const queues = [
    queue(10),
    queue(20, { mode: 'M', senderKey: bytes(7, 44), recipientKeys: [bytes(1, 44), bytes(2, 69)] }),
    queue(30, { mode: 'C', link: link(1), status: 'off' }),
  ];
  const trace = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  const messages = [
    message(1, 10),
    message(2, 30, { trace, body: Buffer.alloc(0) }),
    message(3, 10, { body: Buffer.alloc(16_058, 7) }),
    message(2 ** 40, 10, { notify: true }),
    marker(2 ** 40 + 1, 10),
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
    putQueues: [queue(10, { link: link(2), status: 'off' }), queue(20)],
    deletedQueues: [bytes(30)],
    addedMessages: [message(4, 20)],
    removedMessages: [1, 2],
  });
  await store.commit({ ...none, addedMessages: [message(5, 10)], removedMessages: [3] });
  expect(await load()).toEqual({
    queues: [queue(10, { link: link(2), status: 'off' }), queue(20)],
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
  const late = store.commit({
    putQueues: [queue(30, { senderId: bytes(11) })],
    deletedQueues: [],
    addedMessages: [message(3, 30)],
    removedMessages: [1],
  });
  await expect(late).rejects.toThrow('queues_sender_id');
  expect(await load()).toEqual(before);
});

describe('blocks of messages', () => {
  const add = (seq: number, removedMessages: number[] = []) =>
    store.commit({ ...none, addedMessages: [message(seq, 10)], removedMessages });
  const blocks = async (): Promise<number> => (await source.query('SELECT FROM message_blocks')).length;
  const seqs = async () => (await load()).messages.map(({ seq }) => seq);

  test('go when nobody waits for their messages, the oldest first', async () => {
    await add(1);
    await add(2);
    await add(3, [2]);
    expect(await blocks()).toBe(3);
    await add(4, [1]);
    await add(5);
    expect(await blocks()).toBe(3);
    expect(await seqs()).toEqual([3, 4, 5]);
  });

  test('a message that stays is moved on when it holds too many, and stays in its place', async () => {
    store = new SmpStore(source, 100);
    for (let seq = 1; seq <= 40; seq++) await add(seq, seq > 2 ? [seq - 1] : []);
    expect(await blocks()).toBeLessThan(12);
    expect(await seqs()).toEqual([1, 40]);
    store = new SmpStore(source, 100);
    expect(await seqs()).toEqual([1, 40]);
    await add(41, [1, 40]);
    expect(await seqs()).toEqual([41]);
    expect(await seqs()).toEqual([41]);
  });

  test('a damaged one stops the start', async () => {
    await add(1);
    await source.query('UPDATE message_blocks SET added = substring(added FOR 60)');
    await expect(store.load()).rejects.toThrow('a message block of 60 bytes is damaged');
  });

  test('two stores on the same tables: the second to commit is refused', async () => {
    const other = new SmpStore(source);
    await other.load();
    await add(1);
    await expect(other.commit({ ...none, addedMessages: [message(1, 10)] })).rejects.toThrow(
      'message_blocks_pkey',
    );
  });
});

test('a commit waits for the disk', async () => {
  const [{ synchronous_commit: mode }] = await source.query('SHOW synchronous_commit');
  expect(mode).toBe('on');
});

test('the migration makes the tables that entities.ts says', async () => {
  const { upQueries } = await source.driver.createSchemaBuilder().log();
  expect(upQueries.map(({ query }) => query)).toEqual([]);
});

test('tables of version 0.1 are refused, not touched', async () => {
  const old = { url: address.url, schema: `${address.schema}_old` };
  await source.query(`CREATE SCHEMA ${old.schema}`);
  await source.query(`CREATE TABLE ${old.schema}.queues (recipient_id bytea)`);
  await expect(migrate(old, smpTables)).rejects.toThrow('tables of version 0.1');
  await source.query(`SELECT recipient_id FROM ${old.schema}.queues`);
  await source.query(`DROP SCHEMA ${old.schema} CASCADE`);
});
