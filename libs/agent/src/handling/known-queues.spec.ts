import { MemoryMessages, MemoryStore, save, toyCrypto } from '@chat-relays/simulation';
import { memberConnectionId } from '@chat-relays/protocol';
import { encodeEnvelope, encodeForward } from '@chat-relays/wire';
import { Connection } from '../../test/connection';
import { hostOf, silent } from '../../test/peers';
import type { ReceiveQueue } from '../commands/command';
import { Handler } from './handle';
import { Receiver } from './receive';

const retry = { initialMs: 100, maxMs: 2_000 };

function post(number: number): Uint8Array {
  const content = { type: 'text', text: 'hello' } as const;
  const message = { event: 'x.msg.new', params: { content, asGroup: true } } as const;
  const msgId = Buffer.from(`bWVzc2FnZS0wMDA${number}`);
  return encodeForward({ kind: 'channel' }, 99, encodeEnvelope({ msgId, message }));
}

/** Two processes of one name, which both know the queue as it was when they began. */
async function twoReaders(queueOf: (queue: ReceiveQueue) => ReceiveQueue) {
  const connection = new Connection(toyCrypto, 1, 'member_connection');
  const store = new MemoryStore();
  const id = memberConnectionId('bob/news', 'https://smp/r#a', 'messages');
  await save(store, { queues: [queueOf({ ...connection.queue, id })] });
  const messages = new MemoryMessages((received) => store.keepReceived(received));
  const reader = async () => {
    const { host, observed } = hostOf(toyCrypto);
    const handler = new Handler({ store, host, retry, ...silent });
    const smp = { acknowledge: () => undefined };
    const ports = { store, messages, smp, host, handler, retry, onJobs: () => undefined };
    const receiver = new Receiver(ports);
    receiver.know(await store.queues());
    return { receiver, observed };
  };
  return { connection, store, messages, readers: [await reader(), await reader()] };
}

describe('of two processes that read from a queue in turn', () => {
  it('neither misses what the other one got', async () => {
    const { connection, store, messages, readers } = await twoReaders((queue) => queue);
    for (const [number, reader] of [0, 1, 1, 0, 1].entries())
      await readers[reader].receiver.receive([connection.says(post(number))]);
    expect([...store.gaps.values()]).toEqual([]);
    expect(messages.kept.size).toBe(5);
  });

  it('each opens what is sealed with a key that the other one was told', async () => {
    const { connection, store, messages, readers } = await twoReaders(({ peerDhKey: _, ...queue }) => queue);
    const { server, recipientId, peerDhKey } = connection.queue;
    await save(store, { received: [{ server, recipientId, peerDhKey }] });
    await readers[0].receiver.receive([connection.says(post(1))]);
    expect(messages.kept.size).toBe(1);
    expect(readers[0].observed.filter(({ what }) => what === 'refused')).toEqual([]);
  });
});
