import { randomBytes } from 'node:crypto';
import { EMPTY } from '@chat-relays/smp';
import { TestQueue } from '@chat-relays/simulation';
import { openTown, type SmpTown, TestSmpServer, until } from '../../test/smp-town';

let town: SmpTown;

beforeEach(async () => {
  town = await openTown(process.env.NATS_URL);
});

afterEach(() => town.close());

describe('subscriptions', () => {
  test('are renewed when the server starts anew, and the message comes again', async () => {
    const { client, messages, lost } = town.newClient();
    const queue = await town.create(client, false);
    await client.subscribe(town.name, [queue]);
    await town.send(client, queue.senderId, 'one');
    await until('the message', () => messages.length === 1);
    town.server.listener.reset();
    await until('the message again', () => messages.length === 2);
    expect(messages[1]).toEqual(messages[0]);
    expect(lost).toEqual(['the server has started anew']);
  });

  test('are renewed when the server forgot the session, and wait for a server that is away', async () => {
    const { client, messages } = town.newClient({ pingMs: 20 });
    const queue = await town.create(client);
    await client.subscribe(town.name, [queue]);
    await town.server.listener.stop();
    const next = new TestSmpServer(town.serverBus, town.name);
    next.core.load(town.server.core.snapshot());
    await new Promise((resolve) => setTimeout(resolve, 200));
    await next.listener.start();
    town.server = next;
    await until('the subscription', () => next.core.sizes.subscriptions === 1);
    await town.send(client, queue.senderId, 'after');
    await until('the message', () => messages.length === 1);
  });

  test('of many queues go in blocks', async () => {
    const { client } = town.newClient({ timeoutMs: 60_000 });
    const queues = await Promise.all(Array.from({ length: 600 }, () => town.create(client, false)));
    town.server.blocks.length = 0;
    await client.subscribe(town.name, queues);
    expect(town.server.blocks.map((block) => block.length)).toEqual([255, 255, 90]);
    await client.subscribe(town.name, queues);
    expect(town.server.blocks).toHaveLength(3);
  });

  test('a queue that NEW subscribed needs no SUB', async () => {
    const { client } = town.newClient();
    const queue = await town.create(client);
    await client.subscribe(town.name, [queue]);
    expect(town.server.kinds()).toEqual(['NEW']);
  });

  const subs = () => town.server.kinds().filter((kind) => kind === 'SUB').length;

  test('a queue that does not exist is lost when it was refused for long enough, and is told once', async () => {
    const refused: string[] = [];
    const onRefused = (_server: string, _id: Uint8Array, error: string) => void refused.push(error);
    const { client, lost } = town.newClient({ onRefused, lostAfterMs: 60 });
    await client.subscribe(town.name, [{ recipientId: randomBytes(24), key: TestQueue.keyPair() }]);
    expect(refused).toEqual([]);
    await until('it is lost', () => refused.length === 1);
    expect(refused).toEqual(['AUTH']);
    const before = subs();
    expect(before).toBeGreaterThan(1);
    town.server.listener.reset();
    await until('it is asked for in the next session', () => lost.length === 1 && subs() > before);
    await client.request(town.name, { entityId: EMPTY, command: { kind: 'PING' } });
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(refused).toEqual(['AUTH']);
    expect(subs()).toBe(before + 1);
  });

  test('a queue that its server has again meanwhile is not lost', async () => {
    const refused: string[] = [];
    const onRefused = (_server: string, _id: Uint8Array, error: string) => void refused.push(error);
    const { client, messages } = town.newClient({ onRefused, lostAfterMs: 2_000 });
    const queue = await town.create(client);
    await client.subscribe(town.name, [queue]);
    const whole = town.server.core.snapshot();
    // empty by mistake, and without a restart that clients could see
    town.server.core.load({ ...whole, queues: [], messages: [] });
    town.server.listener.reset();
    await until('it is refused', () => subs() > 0);
    town.server.core.load(whole);
    await until('it is asked for again', () => town.server.core.sizes.subscriptions === 1);
    await town.send(client, queue.senderId, 'one');
    await until('the message', () => messages.length === 1);
    expect(refused).toEqual([]);
  });

  test('a queue that was deleted by its own client is not asked for again', async () => {
    const { client } = town.newClient({ lostAfterMs: 60 });
    const queue = { recipientId: randomBytes(24), key: TestQueue.keyPair() };
    await client.subscribe(town.name, [queue]);
    await client.request(town.name, {
      entityId: queue.recipientId,
      command: { kind: 'DEL' },
      key: queue.key,
    });
    const before = subs();
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(subs()).toBe(before);
  });

  test('a takeover is reported and not fought over, but can be turned by asking again', async () => {
    const first = town.newClient();
    const second = town.newClient();
    const queue = await town.create(first.client);
    await first.client.subscribe(town.name, [queue]);
    await second.client.subscribe(town.name, [queue]);
    await until('END', () => first.ended.length === 1);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(second.ended).toEqual([]);
    expect(town.server.kinds().filter((kind) => kind === 'SUB')).toHaveLength(1);
    await first.client.subscribe(town.name, [queue]);
    await until('END of the second', () => second.ended.length === 1);
  });

  test('what was taken over is asked for again after a while: the other one may be gone', async () => {
    const first = town.newClient({ reclaimMs: { first: 50, last: 50 } });
    const second = town.newClient();
    const queue = await town.create(first.client);
    await first.client.subscribe(town.name, [queue]);
    await second.client.subscribe(town.name, [queue]);
    await until('END', () => first.ended.length === 1);
    second.client.close();
    await until('END of the second', () => town.server.kinds().filter((kind) => kind === 'SUB').length === 2);
    await town.send(first.client, queue.senderId, 'one');
    await until('the message', () => first.messages.length === 1);
    expect(second.messages).toEqual([]);
  });
});
