import { MemoryDeliveries, MemoryStore } from '@chat-relays/simulation';
import type { SagaRecord } from '@chat-relays/protocol';
import { Deliverer } from './deliver';
import { Handler } from './handle';
import type { Host } from './ports';
import { type Smp, TemporaryError } from './smp-port';

const retry = { initialMs: 100, maxMs: 100 };
const group = 'relay/group';

function member(number: number): SagaRecord {
  return {
    noun: 'group_member',
    id: `m${number}`,
    identity: 'relay',
    protocol: 'full',
    status: 'Connected',
    attempt: 1,
    data: { relayOwnId: group },
    peer: { server: 'dead', senderId: 'AAAA' },
  };
}

/** Members whose server never answers; `waiting` are the sends that nobody has answered yet. */
function world(members: number) {
  const records = Array.from({ length: members }, (_, index) => member(index));
  const deliveries = new MemoryDeliveries(() => records);
  const clock = { now: 1_000 };
  const waiting: (() => void)[] = [];
  const most = { atOnce: 0 };
  const smp: Pick<Smp, 'request'> = {
    request: () =>
      new Promise((_, reject) => {
        waiting.push(() => reject(new TemporaryError('no session')));
        most.atOnce = Math.max(most.atOnce, waiting.length);
        // the time that a client waits for a session
        setTimeout(() => waiting.splice(0).forEach((fail) => fail()), 20);
      }),
  };
  const host: Host = {
    now: () => clock.now,
    sleep: () => Promise.resolve(),
    random: (count) => new Uint8Array(count),
    queueKeys: () => ({ authKey: new Uint8Array(44), dhKey: new Uint8Array(44) }),
    observe: () => undefined,
  };
  const handler = new Handler({
    store: new MemoryStore(),
    host,
    retry,
    onQueues: () => undefined,
    onCommands: () => undefined,
  });
  const deliverer = new Deliverer({
    ...{ deliveries, smp, host, handler, retry },
    protocol: 'full',
    identity: 'relay',
    page: 100,
  });
  return { deliverer, deliveries, clock, most };
}

const job = (messageId: string) => ({
  relayOwnId: group,
  identity: 'relay',
  author: 'channel',
  messageId,
  element: Buffer.from(messageId),
});

test('members of a dead server are waited for together, not one after the other', async () => {
  const { deliverer, deliveries, clock, most } = world(30);
  deliveries.add([job('one')]);
  expect(await deliverer.step(group)).toBe(true);
  most.atOnce = 0;
  clock.now += retry.maxMs;
  expect(await deliverer.step(group)).toBe(true);
  expect(most.atOnce).toBe(30);
});
