import { MemoryDeliveries, MemoryMessages, MemoryStore, save, toyCrypto } from '@chat-relays/simulation';
import { Connection } from '../test/connection';
import { hostOf } from '../test/peers';
import { Agent } from './agent';
import type { Smp } from './smp-port';

describe('an agent that looks', () => {
  it('takes up queues that a process beside it has made, once', async () => {
    const store = new MemoryStore();
    const subscribed: Uint8Array[] = [];
    const smp: Smp = {
      request: () => Promise.reject(new Error('nothing is asked')),
      subscribe: async (_, queues) => void subscribed.push(...queues.map(({ recipientId }) => recipientId)),
      acknowledge: () => undefined,
    };
    const agent = new Agent({
      ...{ store, smp, server: 'smp-relays', protocol: 'full' },
      messages: new MemoryMessages(() => undefined),
      deliveries: new MemoryDeliveries(() => store),
      host: hostOf(toyCrypto).host,
    });
    const { queue } = new Connection(toyCrypto, 1, 'owner_connection');
    await save(store, { queues: [queue] });
    await agent.check();
    expect(subscribed).toEqual([]);
    agent.overtaken();
    await agent.check();
    await agent.check();
    expect(subscribed).toEqual([queue.recipientId]);
  });
});
