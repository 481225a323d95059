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

  test('a queue that does not exist is given up', async () => {
    const refused: string[] = [];
    const { client, lost } = town.newClient({ onRefused: (_server, _id, error) => void refused.push(error) });
    await client.subscribe(town.name, [{ recipientId: randomBytes(24), key: TestQueue.keyPair() }]);
    town.server.listener.reset();
    await until('the end of the session', () => lost.length === 1);
    await client.request(town.name, { entityId: EMPTY, command: { kind: 'PING' } });
    expect(refused).toEqual(['AUTH']);
    expect(town.server.kinds()).toEqual(['SUB', 'PING']);
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
