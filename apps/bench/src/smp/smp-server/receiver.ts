import { connectBus, SmpClient } from '@chat-relays/bus';
import type { IncomingMessage } from '@chat-relays/agent';
import { bytesKey, openClientMessage, readClientMessage, realCrypto } from '@chat-relays/smp';
import { TestQueue } from '@chat-relays/simulation';
import { Arrivals } from '../arrivals';
import { ALTERED, Bodies } from '../body';
import { clock, type Received, type ReceivingEnd, type Setting } from '../end';
import type { Pass } from '../tally';
import { SERVER } from './server';

/** What the sender has to know of a queue. */
export interface ToldQueue {
  readonly senderId: Uint8Array;
  /** DER X25519: bodies are sealed for it */
  readonly dhKey: Uint8Array;
}

/** Subscribes all queues in one session, opens both boxes of every message, and acknowledges it. */
export class SmpReceiver implements ReceivingEnd {
  private client!: SmpClient;
  private bodies!: Bodies;
  private readonly arrivals = new Arrivals();
  private readonly queues = new Map<string, TestQueue>();
  /** by queue, of the sender's key and the queue's */
  private readonly boxes = new Map<string, Buffer>();

  /** @param sealed bodies are sealed end to end; otherwise they are what MSG carries */
  constructor(private readonly sealed: boolean) {}

  async open({ natsUrl, queues, size }: Setting): Promise<ToldQueue[]> {
    this.bodies = new Bodies(size);
    const connection = await connectBus({ servers: natsUrl, name: 'receiver', timeoutMs: 60_000 });
    this.client = new SmpClient(connection, {
      onMessages: (messages) => this.take(messages),
      timeoutMs: 20_000,
    });
    const made = await Promise.all(
      Array.from({ length: queues }, () =>
        TestQueue.create(this.client, SERVER, { queue: { mode: 'M' }, subscribe: false }),
      ),
    );
    for (const queue of made) this.queues.set(bytesKey(queue.recipientId), queue);
    await this.client.subscribe(SERVER, made);
    return made.map(({ senderId, dhKey }) => ({ senderId, dhKey: dhKey.publicKey }));
  }

  async expect(pass: Pass): Promise<void> {
    this.arrivals.expect(pass);
  }

  async finish(): Promise<Received> {
    return { counts: await this.arrivals.finish(), ended: clock() };
  }

  private take(messages: readonly IncomingMessage[]): void {
    this.client.acknowledge(messages);
    for (const message of messages) {
      const body = this.bodyOf(message);
      if (body) this.arrivals.take(this.bodies.queueOf(body), this.bodies.numberOf(body));
      else this.arrivals.take(ALTERED, 0);
    }
  }

  private bodyOf(message: IncomingMessage): Uint8Array | undefined {
    const key = bytesKey(message.recipientId);
    const queue = this.queues.get(key)!;
    const received = queue.open(message);
    if (received.quota || !this.sealed) return received.quota ? undefined : received.body;
    const client = readClientMessage(received.body);
    if (!client.ok) return undefined;
    const { senderDhKey } = client.value;
    if (senderDhKey) this.boxes.set(key, realCrypto.boxKey(queue.dhKey, senderDhKey)!);
    const opened = openClientMessage(realCrypto, this.boxes.get(key)!, client.value);
    return opened.ok ? opened.value : undefined;
  }
}
