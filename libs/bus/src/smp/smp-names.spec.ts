import { EMPTY } from '@chat-relays/smp';
import { openTown, type SmpTown, TestSmpServer, until } from '../../test/smp-town';

let town: SmpTown;

beforeEach(async () => {
  town = await openTown(process.env.NATS_URL);
});

afterEach(() => town.close());

// links and reply queues of strangers name servers: NATS closes a connection that names a subject too long
test.each([['x'.repeat(10_000)], ['a b.*.>\u0000\r\nPUB x 0'], ['\u{1f600}'.repeat(2_000)]])(
  'a server with an impossible name fails alone: other servers still answer',
  async (name) => {
    const { client } = town.newClient();
    await town.create(client);
    const request = { entityId: EMPTY, command: { kind: 'PING' } } as const;
    await expect(client.request(name, request)).rejects.toThrow(/^no session/);
    expect(await client.request(town.name, request)).toEqual({ kind: 'PONG' });
    expect(town.server.kinds().filter((kind) => kind === 'NEW')).toHaveLength(1);
  },
);

const HOUR = 3_600_000;

// a member says where to send to: such servers must cost a relay nothing
test('a server that is away for long is not waited for', async () => {
  const { client } = town.newClient({ timeoutMs: HOUR, backOffMs: { first: 10, last: HOUR } });
  const ask = () => client.request('nowhere.example', { entityId: EMPTY, command: { kind: 'PING' } });
  const refused = () => expect(ask()).rejects.toThrow(/^no (session|server)/);
  for (let asked = 0; asked < 100; asked++) await refused();
});

test('one that was away for long is found again', async () => {
  const { client } = town.newClient({ backOffMs: { first: 1, last: 50 } });
  const later = new TestSmpServer(town.serverBus, `later-${town.name}`);
  const ask = () => client.request(`later-${town.name}`, { entityId: EMPTY, command: { kind: 'PING' } });
  for (let asked = 0; asked < 20; asked++) await expect(ask()).rejects.toThrow(/^no (session|server)/);
  await later.listener.start();
  await town.clientBus.flush();
  expect(await ask()).toEqual({ kind: 'PONG' });
  await later.listener.stop();
});

test('servers that nobody asks any more are forgotten, those with subscriptions are not', async () => {
  const { client, messages } = town.newClient({ forgetMs: 100 });
  const queue = await town.create(client, false);
  await client.subscribe(town.name, [queue]);
  const names = Array.from({ length: 20 }, (_, index) => `nowhere-${index}.example`);
  await Promise.allSettled(
    names.map((name) => client.request(name, { entityId: EMPTY, command: { kind: 'PING' } })),
  );
  expect(client.serverCount).toBe(21);
  await until('the others to be forgotten', () => client.serverCount === 1);
  await town.send(client, queue.senderId, 'still here');
  await until('the message', () => messages.length === 1);
});
