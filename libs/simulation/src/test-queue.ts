import { randomBytes } from 'node:crypto';
import type { IncomingMessage, OwnQueue, Smp } from '@chat-relays/agent';
import {
  type KeyPair,
  type NewQueue,
  openReceivedMessage,
  type QueueIds,
  type QueueRequest,
  realCrypto,
  type ReceivedMessage,
} from '@chat-relays/smp';

/** A queue as a client of an SMP server makes it, for tests: keys, ids, and what the keys open. */
export class TestQueue implements OwnQueue {
  private constructor(
    readonly key: KeyPair,
    readonly dhKey: KeyPair,
    readonly ids: QueueIds,
    private readonly boxKey: Buffer,
  ) {}

  static keyPair(type: KeyPair['type'] = 'x25519'): KeyPair {
    return realCrypto.keyPair(type, randomBytes(32));
  }

  static command(key: KeyPair, dhKey: KeyPair, queue?: QueueRequest, subscribe = true): NewQueue {
    const keys = { recipientKey: key.publicKey, recipientDhKey: dhKey.publicKey };
    return { kind: 'NEW', ...keys, subscribe, ...(queue && { queue }) };
  }

  static async create(
    smp: Pick<Smp, 'request'>,
    server: string,
    { queue, subscribe }: { queue?: QueueRequest; subscribe?: boolean } = {},
  ): Promise<TestQueue> {
    const [key, dhKey] = [TestQueue.keyPair(), TestQueue.keyPair()];
    const command = TestQueue.command(key, dhKey, queue, subscribe);
    const response = await smp.request(server, { entityId: new Uint8Array(0), command, key });
    if (response.kind !== 'IDS') throw new Error(JSON.stringify(response));
    return new TestQueue(key, dhKey, response, realCrypto.boxKey(dhKey, response.serverDhKey)!);
  }

  get recipientId(): Uint8Array {
    return this.ids.recipientId;
  }

  get senderId(): Uint8Array {
    return this.ids.senderId;
  }

  open({ msgId, sealed }: Pick<IncomingMessage, 'msgId' | 'sealed'>): ReceivedMessage {
    const opened = openReceivedMessage(realCrypto, this.boxKey, msgId, sealed);
    if (!opened.ok) throw new Error(opened.error);
    return opened.value;
  }

  /** The body of a message as text, or QUOTA. */
  text(message: Pick<IncomingMessage, 'msgId' | 'sealed'>): string {
    const opened = this.open(message);
    return opened.quota ? 'QUOTA' : Buffer.from(opened.body).toString();
  }
}
