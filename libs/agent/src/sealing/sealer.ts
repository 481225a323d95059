import {
  AGENT_VERSIONS,
  type ChainPosition,
  encodeAgentEnvelope,
  type Crypto,
  NONCE_BYTES,
  numberMessage,
  PADDED_CLIENT_MESSAGE_BYTES,
  type PrivateKey,
  type QueueUri,
  sealClientMessage,
} from '@chat-relays/smp';
import { keyPair, privateKey } from './keys';
import { PermanentError } from '../commands/permanent-error';
import { type SendQueue, sendQueueKey } from './send-queue';

const version = AGENT_VERSIONS.max;

interface SenderKeys {
  readonly seed: Uint8Array;
  /** authorizes SEND once SKEY has secured the queue */
  readonly authorization: PrivateKey;
  readonly box: Buffer;
}

/** Keys that are kept: each costs as much as dozens of messages. */
const MOST_KEYS = 50_000;

export interface SealedMessage {
  readonly body: Buffer;
  /** of the queue, once the server took it */
  readonly position: ChainPosition;
}

/** Makes what SEND carries, end to end. */
export class Sealer {
  private readonly keys = new Map<string, SenderKeys>();

  /** @param padded all messages have SMP's size, so that servers do not see how long they are */
  constructor(
    private readonly crypto: Crypto,
    private readonly random: (bytes: number) => Uint8Array,
    private readonly padded: boolean,
  ) {}

  authorization(queue: SendQueue): PrivateKey {
    return this.keysOf(queue).authorization;
  }

  /** The first message on a queue, with the key that those after it are sealed with. */
  confirmation(queue: SendQueue, replyQueues: readonly QueueUri[], connInfo: Uint8Array): Buffer {
    const envelope = encodeAgentEnvelope({ kind: 'confirmation', version, replyQueues, connInfo });
    return this.seal(this.keysOf(queue).box, 'confirmation', envelope, this.dhKey(queue.seed));
  }

  /**
   * A contact request: from a key that is used for it alone.
   * @param dhKey of the contact queue
   */
  invitation(seed: Uint8Array, dhKey: Uint8Array, reply: QueueUri, connInfo: Uint8Array): Buffer {
    const connection = { mode: 'I', agentVersions: AGENT_VERSIONS, queues: [reply] } as const;
    const envelope = encodeAgentEnvelope({ kind: 'invitation', version, connection, connInfo });
    return this.seal(this.boxKey(seed, dhKey), 'confirmation', envelope, this.dhKey(seed));
  }

  /**
   * The next message of a connection. The same message to many queues at the same position is numbered once. The first
   * one says the key again, in the size of a confirmation: one that was refused must not leave the peer without it.
   */
  message(queue: SendQueue, body: Uint8Array, numbered = numberMessage(queue.sent, body)): SealedMessage {
    const { box } = this.keysOf(queue);
    const envelope = encodeAgentEnvelope({ kind: 'message', version, message: numbered.bytes });
    const sealed =
      queue.sent.id === 0
        ? this.seal(box, 'confirmation', envelope, this.dhKey(queue.seed))
        : this.seal(box, 'message', envelope);
    return { body: sealed, position: numbered.position };
  }

  private seal(
    boxKey: Buffer,
    kind: keyof typeof PADDED_CLIENT_MESSAGE_BYTES,
    envelope: Uint8Array,
    senderDhKey?: Uint8Array,
  ): Buffer {
    const most = PADDED_CLIENT_MESSAGE_BYTES[kind];
    // the padding holds a length of two bytes, and there is one byte before the envelope
    if (envelope.length > most - 3) {
      throw new PermanentError(`an envelope of ${envelope.length} bytes; at most ${most - 3} fit`);
    }
    const seal = {
      boxKey,
      nonce: this.random(NONCE_BYTES),
      ...(senderDhKey && { senderDhKey }),
      ...(this.padded && { paddedTo: most }),
    };
    return sealClientMessage(this.crypto, seal, envelope);
  }

  private dhKey(seed: Uint8Array): Uint8Array {
    return keyPair(this.crypto, seed, 'sender dh').publicKey;
  }

  private keysOf(queue: SendQueue): SenderKeys {
    const name = sendQueueKey(queue);
    const known = this.keys.get(name);
    if (known && Buffer.compare(known.seed, queue.seed) === 0) return known;
    const { seed, dhKey } = queue;
    const made = {
      seed,
      authorization: privateKey(this.crypto, seed, 'sender'),
      box: this.boxKey(seed, dhKey),
    };
    if (this.keys.size >= MOST_KEYS) this.keys.clear();
    this.keys.set(name, made);
    return made;
  }

  private boxKey(seed: Uint8Array, dhKey: Uint8Array): Buffer {
    const made = this.crypto.boxKey(privateKey(this.crypto, seed, 'sender dh'), dhKey);
    if (!made) throw new PermanentError('nothing can be sealed for the key of this queue');
    return made;
  }
}
