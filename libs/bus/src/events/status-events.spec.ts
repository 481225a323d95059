import type { NatsConnection } from '@nats-io/transport-node';
import { connectBus, drainBus } from '../connection';
import { type StatusEvent, statusSubject } from './status-event';
import { StatusPublisher } from './status-publisher';
import { StatusStream } from './status-stream';

/** other specs share the NATS server */
const HALF = `half-${process.pid}`;
let bus: NatsConnection;

beforeEach(async () => {
  bus = await connectBus({ servers: process.env.NATS_URL!, name: 'status events' });
});

afterEach(() => drainBus(bus));

const event = (noun: string, id: string, more: Partial<StatusEvent> = {}): StatusEvent => ({
  ...{ time: 1, protocol: 'full', noun, id, identity: 'alice' },
  ...{ event: 'JOINED', step: '5', from: 'New', to: 'Invited' },
  ...more,
});

async function take(stream: StatusStream, count: number): Promise<StatusEvent[]> {
  const taken: StatusEvent[] = [];
  for await (const one of stream) if (taken.push(one) === count) break;
  return taken;
}

/** How many events each NATS message brings. */
async function sizes(count: number): Promise<number[]> {
  const found: number[] = [];
  for await (const message of bus.subscribe(statusSubject(HALF, '*'), { max: count }))
    found.push(message.json<{ events: [] }>().events.length);
  return found;
}

describe('status events', () => {
  it('come as they were told, those of one noun in order', async () => {
    const stream = new StatusStream(bus, statusSubject(HALF, '*'));
    await stream.ready();
    const publisher = new StatusPublisher(bus);
    const told = [
      event('group', 'news'),
      event('group_relay', 'news/relay-1', { reason: 'JOIN: AUTH', group: 'news' }),
      event('group_relay', 'news/relay-2', { event: 'stuck', step: undefined, since: 1 }),
      event('group', 'sport'),
    ];
    for (const one of told) publisher.add(HALF, one);
    const [group, relay, stuck, sport] = told;
    expect(await take(stream, 4)).toEqual([group, sport, relay, stuck]);
  });

  it('of one turn are one message for each noun', async () => {
    const found = sizes(3);
    const publisher = new StatusPublisher(bus);
    for (let member = 0; member < 500; member++) publisher.add(HALF, event('group_member', `m-${member}`));
    publisher.add(HALF, event('relay_own', 'relay-1/link'));
    await new Promise((resolve) => setImmediate(resolve));
    publisher.add(HALF, event('group_member', 'm-500'));
    expect(await found).toEqual([500, 1, 1]);
  });

  it('never make a message that NATS would refuse', async () => {
    const found = sizes(8);
    const publisher = new StatusPublisher(bus);
    const id = 'x'.repeat(4_000);
    for (let member = 0; member < 500; member++) publisher.add(HALF, event('group_member', id));
    const counts = await found;
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(500);
    expect(Math.max(...counts)).toBeLessThan(65);
  });

  it('are lost quietly when NATS is closed', async () => {
    const publisher = new StatusPublisher(bus);
    await drainBus(bus);
    publisher.add(HALF, event('group', 'news'));
    expect(() => publisher.flush()).not.toThrow();
  });
});

it.each([
  ['no JSON', '{'],
  ['something else', '{"events":[{"noun":"group"}]}'],
  ['nothing', ''],
])('%s from a stranger is passed over', async (_, payload) => {
  const stream = new StatusStream(bus, statusSubject(HALF, '*'));
  bus.publish(statusSubject(HALF, 'group'), payload);
  new StatusPublisher(bus).add(HALF, event('group', 'news'));
  expect(await take(stream, 1)).toEqual([event('group', 'news')]);
});

it('a stream ends when it is closed', async () => {
  const stream = new StatusStream(bus, statusSubject(HALF, '*'));
  setTimeout(() => stream.close(), 10);
  expect(await take(stream, 1)).toEqual([]);
});
