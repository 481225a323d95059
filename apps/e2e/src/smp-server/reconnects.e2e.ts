import { type IncomingMessage, TemporaryError } from '@chat-relays/agent';
import { connectBus, drainBus, type NatsConnection, SmpClient } from '@chat-relays/bus';
import { TestQueue } from '@chat-relays/simulation';
import { bytesKey } from '@chat-relays/smp';
import { defaultTopology, Fleet, migrateApp, startLocalStack, type LocalStack } from '@chat-relays/tools';
import { converges } from '../convergence';
import { metricOf } from '../metrics';

const QUEUES = 5_000;
const AT_ONCE = 500;
const SERVER = 'smp-crowded';
const MIB = 1_024 * 1_024;

/** As many members have that come back at the same moment. */
describe(`${QUEUES} queues that are subscribed again together`, () => {
  let stack: LocalStack;
  let fleet: Fleet;
  let bus: NatsConnection;
  let client: SmpClient;
  let queues: TestQueue[];
  let lost = 0;
  const byRecipient = new Map<string, TestQueue>();
  const heard = new Map<string, string[]>();

  beforeAll(async () => {
    stack = await startLocalStack({ temporary: true });
    const services = [{ ...defaultTopology()[0], name: SERVER, env: { SMP_SERVER_NAME: SERVER } }];
    fleet = await Fleet.start({ ...stack, services, migrate: migrateApp, env: { SMP_PADDING: 'off' } });
    bus = await connectBus({ servers: stack.natsUrl, name: 'crowd', timeoutMs: 60_000 });
    client = new SmpClient(bus, {
      onLost: () => void lost++,
      onMessages: (messages) => {
        for (const message of messages) hear(message);
        client.acknowledge(messages);
      },
    });
    queues = await ofAll(Array.from({ length: QUEUES }), () =>
      TestQueue.create(client, SERVER, { subscribe: false }),
    );
    for (const queue of queues) byRecipient.set(bytesKey(queue.recipientId), queue);
    await client.subscribe(SERVER, queues);
  });

  afterAll(async () => {
    client.close();
    await drainBus(bus);
    await fleet.stop();
    await stack.stop();
  });

  /** What was not acknowledged comes again. */
  function hear(message: IncomingMessage): void {
    const key = bytesKey(message.recipientId);
    const text = byRecipient.get(key)!.text(message);
    const before = heard.get(key) ?? [];
    if (before.at(-1) !== text) heard.set(key, [...before, text]);
  }

  it.each([
    ['NATS', () => stack.crash('nats')],
    ['the server', () => fleet.kill(SERVER).then(() => fleet.restart(SERVER))],
  ])('when %s was killed: each has what was sent before and what is sent now', async (what, kill) => {
    const memory = () => metricOf(fleet, SERVER, 'process_resident_memory_bytes');
    const [texts, losses] = [[`${what} is there`, `${what} is back`], lost];
    heard.clear();
    await send(texts[0]);
    const before = await memory();
    const ours = process.memoryUsage.rss();
    await kill();
    await converges(async () => lost > losses, true);
    await send(texts[1]);
    const all = queues.map(() => texts);
    await converges(async () => queues.map(({ recipientId }) => heard.get(bytesKey(recipientId))), all);
    expect(await memory()).toBeLessThan(1.5 * before + 64 * MIB);
    expect(process.memoryUsage.rss()).toBeLessThan(1.5 * ours + 64 * MIB);
  });

  /** Asks each until it is OK: what was asked twice may come twice. */
  async function send(text: string): Promise<void> {
    const command = { kind: 'SEND', notify: false, body: Buffer.from(text) } as const;
    await ofAll(queues, ({ senderId }) =>
      converges(() => client.request(SERVER, { entityId: senderId, command }).catch(later), { kind: 'OK' }),
    );
  }

  function later(error: Error): undefined {
    if (error instanceof TemporaryError) return undefined;
    throw error;
  }

  async function ofAll<T, R>(list: readonly T[], work: (one: T) => Promise<R>): Promise<R[]> {
    const results: R[] = [];
    for (let at = 0; at < list.length; at += AT_ONCE)
      results.push(...(await Promise.all(list.slice(at, at + AT_ONCE).map(work))));
    return results;
  }
});
