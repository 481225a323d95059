import { TemporaryError } from '@chat-relays/agent';
import { EMPTY } from '@chat-relays/smp';
import { ServerTown, type TownClient, until } from '../../test/server-town';

let town: ServerTown;
let client: TownClient;

beforeAll(async () => {
  town = await ServerTown.open('faults-spec');
});
beforeEach(async () => {
  await town.start();
  client = town.client();
});
afterEach(() => town.stop());
afterAll(() => town.close());

/** After so long, an answer that was dropped is given up. */
const DROPPED_MS = 3_000;

const PING = { kind: 'PING' } as const;
const set = (text: string) => town.ask('faults.set', { text });

test('drop: not executed, not answered, and only so often', async () => {
  const queue = await client.create();
  const sender = town.client(DROPPED_MS);
  await set('drop SEND n=1');
  await expect(sender.send(queue, 'one')).rejects.toThrow(TemporaryError);
  expect(await sender.send(queue, 'two')).toBe('OK');
  await until('the message', () => client.messages.length > 0);
  expect(queue.text(client.messages[0])).toBe('two');
  expect(await town.faults('drop', 'SEND')).toBe(1);
  expect(await town.ask('faults.get', {})).toEqual({ text: '', faults: { rules: [] }, paused: false });
});

test('drop-reply: executed and delivered, but not answered', async () => {
  const queue = await client.create();
  const sender = town.client(DROPPED_MS);
  await set('drop-reply SEND n=1');
  await expect(sender.send(queue, 'one')).rejects.toThrow(TemporaryError);
  await until('the message', () => client.messages.length > 0);
  expect(queue.text(client.messages[0])).toBe('one');
  expect(await town.metric('simplex_smp_messages_sent')).toBe(1);
  expect(await town.faults('drop-reply', 'SEND')).toBe(1);
});

test('error: answered, not executed', async () => {
  const before = await town.metric('simplex_smp_messages_total');
  const queue = await client.create();
  await set('error SEND,PING BLOCKED reason=spam; error SUB AUTH');
  expect(await client.send(queue, 'one')).toBe('ERR BLOCKED reason=spam');
  expect(await client.ask(EMPTY, PING)).toBe('ERR BLOCKED reason=spam');
  await set('');
  expect(await client.ask(EMPTY, PING)).toBe('PONG');
  expect(client.messages).toHaveLength(0);
  expect(await town.faults('error', 'SEND')).toBe(1);
  expect(await town.metric('simplex_smp_messages_total')).toBe(before);
});

test('delay: the session waits in its order, others do not', async () => {
  const queue = await client.create();
  const other = town.client();
  await other.ask(EMPTY, PING);
  await set('delay SEND 2s n=1');
  const order: string[] = [];
  const note = (what: string, answer: Promise<string>) =>
    answer.then((text) => order.push(`${what} ${text}`));
  const slow = note('send', client.send(queue, 'one'));
  await until('the delay', async () => (await town.faults('delay', 'SEND')) === 1);
  const behind = note('ping', client.ask(EMPTY, PING));
  await note('other', other.ask(EMPTY, PING));
  await Promise.all([slow, behind]);
  expect(order).toEqual(['other PONG', 'send OK', 'ping PONG']);
  expect(await client.send(queue, 'two')).toBe('OK');
  expect(await town.faults('delay', 'SEND')).toBe(1);
});

test('pause: nothing is executed and nothing lost; what the operator asks is done', async () => {
  const queue = await client.create();
  const sender = town.client();
  await sender.ask(EMPTY, PING);
  expect(await town.ask('pause', {})).toEqual({
    text: 'pause',
    faults: { rules: [], pause: {} },
    paused: true,
  });
  const sent = sender.send(queue, 'one');
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(client.messages).toHaveLength(0);
  const id = Buffer.from(queue.senderId).toString('base64url');
  expect((await town.ask('queue.block', { id })).status).toBe('blocked reason=spam');
  expect((await town.ask('queue.unblock', { id })).status).toBe('active');
  expect((await town.ask('resume', {})).paused).toBe(false);
  expect(await sent).toBe('OK');
  expect(await town.faults('pause', 'SEND')).toBe(1);
});

test('a pause with an end ends', async () => {
  const sender = town.client();
  await sender.ask(EMPTY, PING);
  await set('pause 2s');
  expect(await sender.ask(EMPTY, PING)).toBe('PONG');
  expect(await town.faults('pause', 'PING')).toBe(1);
  expect((await town.ask('faults.get', {})).paused).toBe(false);
});

test('refuse-new: NEW is answered AUTH, all else goes on', async () => {
  const queue = await client.create();
  await set('refuse-new');
  await expect(client.create()).rejects.toThrow('AUTH');
  expect(await client.send(queue, 'one')).toBe('OK');
  expect(await town.faults('refuse-new', 'NEW')).toBe(1);
  await set('');
  await client.create();
});

test('slow-storage: every commit waits, what needs none does not', async () => {
  const queue = await client.create();
  await set('slow-storage 150ms');
  const started = performance.now();
  expect(await client.send(queue, 'one')).toBe('OK');
  expect(performance.now() - started).toBeGreaterThan(145);
  expect(await client.ask(EMPTY, PING)).toBe('PONG');
  expect(await town.faults('slow-storage', 'all')).toBe(1);
});

test('faults of the environment are there from the start; a stop ends them, and does what they held up', async () => {
  const queue = await client.create({ subscribe: false });
  await town.stop();
  await town.start({ SMP_FAULTS: 'delay SEND 3600s; pause' });
  expect((await town.ask('faults.get', {})).text).toBe('delay SEND 3600000ms; pause');
  town
    .client()
    .send(queue, 'one')
    .catch(() => undefined);
  await until('the delay', async () => (await town.faults('delay', 'SEND')) === 1);
  await town.service.stop();
  await town.start();
  const id = Buffer.from(queue.senderId).toString('base64url');
  expect((await town.ask('queue.get', { id })).messages).toBe(1);
});

test('a session that loses half its answers loses no message and gets none in a wrong order', async () => {
  const queue = await client.create({ subscribe: false });
  const recipient = town.client(200);
  for (let count = 0; count < 20; count++) await client.send(queue, `${count}`);
  await set('drop-reply ACK,SUB p=0.3 seed=1; delay SUB 20ms p=0.5 seed=2; drop SUB p=0.2 seed=3');
  const texts: string[] = [];
  let seen = 0;
  const reading = setInterval(() => {
    for (const message of recipient.messages.slice(seen)) {
      seen++;
      const text = queue.text(message);
      if (texts.at(-1) !== text) texts.push(text);
      recipient.smp.acknowledge([message]);
    }
  }, 1);
  void recipient.smp.subscribe(town.name, [queue]);
  await until('all to be there', () => texts.length === 20).finally(() => clearInterval(reading));
  expect(texts).toEqual(Array.from({ length: 20 }, (_, count) => `${count}`));
});
