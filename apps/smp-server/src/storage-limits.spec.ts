import { ServerTown, type TownClient, until } from '../test/server-town';

let town: ServerTown;

beforeAll(async () => {
  town = await ServerTown.open('storage-limits-spec');
});
afterEach(() => town.stop());
afterAll(() => town.close());

const seconds = (count: number) => new Promise((resolve) => setTimeout(resolve, count * 1_000));

test('messages older than the TTL are gone at the next start, from the store too; the marker of a full queue stays', async () => {
  await town.start({ SMP_QUEUE_QUOTA: '2' });
  const client: TownClient = town.client();
  const [full, other] = [
    await client.create({ subscribe: false }),
    await client.create({ subscribe: false }),
  ];
  for (const text of ['one', 'two', 'three']) await client.send(full, text);
  await client.send(other, 'old');
  await seconds(2.1);
  await client.send(other, 'new');
  await town.service.stop();
  // one second and a half
  await town.start({ SMP_QUEUE_QUOTA: '2', SMP_MESSAGE_TTL_DAYS: `${1.5 / 86_400}` });
  expect(await town.metric('simplex_smp_messages_expired')).toBe(3);
  expect(await town.metric('simplex_smp_messages_total')).toBe(2);
  await town.service.stop();
  await town.start({ SMP_QUEUE_QUOTA: '2' });
  expect(await town.metric('simplex_smp_messages_total')).toBe(2);
  const reader = town.client();
  await reader.smp.subscribe(town.name, [full, other]);
  await until('both', () => reader.messages.length === 2);
  const texts = reader.messages.map((message) =>
    (Buffer.from(message.recipientId).equals(full.recipientId) ? full : other).text(message),
  );
  expect(texts.sort()).toEqual(['QUOTA', 'new']);
});

test('every two hours', async () => {
  const every = jest.spyOn(global, 'setInterval');
  await town.start({ SMP_MESSAGE_TTL_DAYS: `${0.5 / 86_400}` });
  const expire = every.mock.calls.find(([, ms]) => ms === 7_200_000)?.[0];
  every.mockRestore();
  const client = town.client();
  const queue = await client.create({ subscribe: false });
  await client.send(queue, 'old');
  const before = (await town.metric('simplex_smp_messages_expired'))!;
  await seconds(1.6);
  expire?.();
  await until('the expiry', async () => (await town.metric('simplex_smp_messages_expired'))! > before);
  // the marker of the test before
  expect(await town.metric('simplex_smp_messages_total')).toBe(1);
});

test('who may create queues: nobody, or who says the password', async () => {
  await town.start({ SMP_NEW_QUEUES: 'off' });
  await expect(town.client().create()).rejects.toThrow('AUTH');
  await town.stop();
  await town.start({ SMP_CREATE_PASSWORD: 'sesame' });
  const client = town.client();
  await expect(client.create()).rejects.toThrow('AUTH');
  expect(await client.askForQueue('sesam')).toBe('ERR AUTH');
  expect(await client.askForQueue('sesame')).toBe('IDS');
  expect(await town.metric('simplex_smp_queues_created')).toBe(1);
});
