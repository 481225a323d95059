import { randomBytes } from 'node:crypto';
import { RequestFailed } from '@chat-relays/bus';
import { TestQueue } from '@chat-relays/simulation';
import { EMPTY, senderIdOf } from '@chat-relays/smp';
import { ServerTown, type TownClient, until } from '../test/server-town';

let town: ServerTown;
let client: TownClient;

beforeAll(async () => {
  town = await ServerTown.open('operator-spec');
});
beforeEach(async () => {
  await town.start();
  client = town.client();
});
afterEach(() => town.stop());
afterAll(() => town.close());

const base64url = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url');
const SUB = { kind: 'SUB' } as const;

async function contactQueue() {
  const [key, dhKey, corrId] = [TestQueue.keyPair(), TestQueue.keyPair(), randomBytes(24)];
  const link = {
    ...{ linkId: randomBytes(24), senderId: senderIdOf(corrId) },
    ...{ fixedData: randomBytes(100), userData: randomBytes(100) },
  };
  const command = TestQueue.command(key, dhKey, { mode: 'C', link });
  const ids = await client.smp.request(town.name, { entityId: EMPTY, command, key, corrId });
  if (ids.kind !== 'IDS') throw new Error(JSON.stringify(ids));
  return { ...ids, linkId: link.linkId, key };
}

test('a queue can be looked at by its sender or link id, and shows nothing of the recipient', async () => {
  const queue = await contactQueue();
  expect(await client.send(queue, 'one')).toBe('OK');
  const shown = await town.ask('queue.get', { id: base64url(queue.senderId) });
  expect(shown).toEqual({
    senderId: base64url(queue.senderId),
    linkId: base64url(queue.linkId),
    ...{ status: 'active', mode: 'C', secured: false, messages: 1, subscribed: true },
    usedOn: Math.floor(Date.now() / 86_400_000) * 86_400_000,
  });
  expect(await town.ask('queue.get', { id: base64url(queue.linkId) })).toEqual(shown);
  const holdings = await town.ask('status.get', {});
  expect(holdings).toEqual({ queues: 1, messages: 1, subscriptions: 1, sessions: 1 });
  await expect(town.ask('queue.get', { id: base64url(queue.recipientId) })).rejects.toThrow(
    `no queue has the sender or link id ${base64url(queue.recipientId)}`,
  );
});

test('a blocked queue says so, also after a restart, until it is unblocked', async () => {
  const queue = await contactQueue();
  const id = base64url(queue.linkId);
  expect((await town.ask('queue.block', { id, reason: 'content' })).status).toBe('blocked reason=content');
  expect(await client.send(queue, 'one')).toBe('ERR BLOCKED reason=content');
  expect(await client.ask(queue.linkId, { kind: 'LGET' })).toBe('ERR BLOCKED reason=content');
  expect(await town.metric('simplex_smp_queues_blocked')).toBe(1);
  expect(await town.metric('simplex_smp_messages_sent_errors{type="block"}')).toBe(1);
  await town.service.stop();
  await town.start();
  await until('the block again', async () => {
    const answer = await client.ask(queue.recipientId, SUB, queue.key).catch(() => undefined);
    return answer === 'ERR BLOCKED reason=content';
  });
  expect((await town.ask('queue.unblock', { id })).status).toBe('active');
  expect(await client.send(queue, 'two')).toBe('OK');
  await expect(town.ask('queue.unblock', { id })).rejects.toThrow(`the queue ${id} is not blocked`);
});

test('a deleted queue is gone with its messages, also after a restart', async () => {
  const queue = await contactQueue();
  await client.send(queue, 'one');
  expect(await town.ask('queue.delete', { id: base64url(queue.senderId) })).toEqual({ messages: 1 });
  expect(await client.send(queue, 'two')).toBe('ERR AUTH');
  expect(await town.metric('simplex_smp_queues_deleted{type="new"}')).toBe(1);
  expect(await town.database.query('SELECT 1 FROM queues WHERE sender_id = $1', [queue.senderId])).toEqual(
    [],
  );
  await expect(town.ask('queue.delete', { id: base64url(queue.senderId) })).rejects.toThrow('no queue has');
});

test('when the store fails the operator hears it, and the queue is as it was', async () => {
  const queue = await contactQueue();
  await town.database.query("ALTER TABLE queues ADD CONSTRAINT spec CHECK (status = 'active')");
  const blocking = town.ask('queue.block', { id: base64url(queue.senderId) });
  await expect(blocking).rejects.toThrow('the store failed');
  await town.database.query('ALTER TABLE queues DROP CONSTRAINT spec');
  expect((await town.ask('queue.get', { id: base64url(queue.senderId) })).status).toBe('active');
});

test.each([
  ['queue.get', { id: '' }, 'smp-server.*.queue.get: id: a sender or link id in base64url is expected'],
  [
    'queue.block',
    { id: 'abcd', reason: 'x' },
    'smp-server.*.queue.block: reason: a reason is spam or content',
  ],
  [
    'faults.set',
    { text: 'drop all; stop SEND' },
    'smp-server.*.faults.set: text: item 2, "stop SEND": there is no fault stop;',
  ],
  [
    'faults.set',
    { faults: { rules: [{ fault: 'delay' }] } },
    'faults.rules[0].ms: a whole number of milliseconds is expected',
  ],
  ['pause', { ms: 'long' }, 'smp-server.*.pause: ms: a whole number of milliseconds is expected'],
  ['resume', { now: true }, 'smp-server.*.resume: there is no field "now"'],
] as const)('%s %j is refused', async (name, payload, sentence) => {
  const failed = await town.ask(name, payload as never).then(
    () => undefined,
    (error: RequestFailed) => error,
  );
  expect(failed).toBeInstanceOf(RequestFailed);
  expect(failed?.message).toContain(sentence);
  expect(failed?.code).toBe('invalid');
});

test('faults as an object are the same as the text', async () => {
  const faults = {
    rules: [
      { fault: 'error', error: 'AUTH', commands: ['KEY'], count: 3 },
      { fault: 'delay', ms: 50, commands: 'all', probability: 0.5, seed: 7 },
    ] as const,
    slowStorageMs: 20,
    refuseNew: true,
  };
  const text = 'error KEY AUTH n=3; delay all 50ms p=0.5 seed=7; slow-storage 20ms; refuse-new';
  expect(await town.ask('faults.set', { faults })).toEqual({ text, faults, paused: false });
  expect(await town.ask('faults.set', { text })).toEqual({ text, faults, paused: false });
  expect(await town.ask('faults.get', {})).toEqual({ text, faults, paused: false });
});
