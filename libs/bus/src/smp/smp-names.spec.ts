import { EMPTY } from '@chat-relays/smp';
import { openTown, type SmpTown } from '../../test/smp-town';

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
