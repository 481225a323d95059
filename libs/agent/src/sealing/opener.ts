import {
  type ChainPosition,
  type Crypto,
  decodeAgentEnvelope,
  type Integrity,
  integrityOf,
  openClientMessage,
  openReceivedMessage,
  readAgentMessage,
  readClientMessage,
  sameBytes,
  sha256,
  type AgentEnvelope,
} from '@chat-relays/smp';
import { textId } from '@chat-relays/wire';
import type { ReceiveQueue } from '../commands/command';
import { privateKey } from './keys';
import type { PeerQueue, Received } from './send-queue';
import type { IncomingMessage } from '../smp-port';

/** What one agent said to another, opened. */
export interface Delivered {
  readonly kind: AgentEnvelope['kind'];
  /** connInfo of a request or a confirmation, or a message's body */
  readonly body: Uint8Array;
  /** the peer's queue, which came with a request or with its confirmation */
  readonly peer?: PeerQueue;
  /** unix seconds, the server's */
  readonly timestamp: number;
  readonly trace?: string;
  /** what is to be kept about the queue, in the commit of what was said */
  readonly received?: Received;
  /** what its number says of the messages before it */
  readonly integrity?: Integrity;
}

export type Opened =
  | { readonly is: 'delivered'; readonly delivered: Delivered }
  | { readonly is: 'quota' }
  | { readonly is: 'refused'; readonly where: string; readonly reason: string };

interface QueueKeys {
  readonly server: Buffer | undefined;
  peer?: { readonly dhKey: Uint8Array; readonly box: Buffer | undefined };
}

const refused = (where: string, reason: string): Opened => ({ is: 'refused', where, reason });

const NEVER_TOLD = 'it is sealed with a key that was never told';

/** What it looks like, too, where another process has read from the queue since this one learned of it. */
export function mayBeBehind(opened: Opened): boolean {
  if (opened.is === 'refused') return opened.reason === NEVER_TOLD;
  return opened.is === 'delivered' && opened.delivered.integrity?.is === 'skipped';
}

/** Opens what MSG carried: the server's box, then the peer's, then the envelope; and checks number and hash. */
export class Opener {
  private readonly keys = new WeakMap<Uint8Array, QueueKeys>();

  constructor(private readonly crypto: Crypto) {}

  open(queue: ReceiveQueue, { msgId, sealed, trace }: IncomingMessage): Opened {
    const keys = this.keysOf(queue);
    if (!keys.server) return refused('server box', "the server's key is none to seal with");
    const message = openReceivedMessage(this.crypto, keys.server, msgId, sealed);
    if (!message.ok) return refused('server box', message.error);
    if (message.value.quota) return { is: 'quota' };
    const { timestamp, body } = message.value;
    const client = readClientMessage(body);
    if (!client.ok) return refused('client message', client.error);
    const { senderDhKey } = client.value;
    const isContact = queue.purpose !== 'connection';
    const known = isContact ? undefined : queue.peerDhKey;
    const dhKey = senderDhKey ?? known;
    if (!dhKey) return refused('client message', NEVER_TOLD);
    if (known && !sameBytes(known, dhKey)) return refused('client message', 'another sender than before');
    const box = isContact ? this.boxKey(queue, dhKey) : this.peerBox(keys, queue, dhKey);
    if (!box) return refused('client message', 'its key is none to seal with');
    const envelope = openClientMessage(this.crypto, box, client.value);
    if (!envelope.ok) return refused('client box', envelope.error);
    return this.read(queue, envelope.value, { timestamp, ...(trace && { trace }) }, dhKey);
  }

  private read(
    queue: ReceiveQueue,
    bytes: Uint8Array,
    circumstances: Pick<Delivered, 'timestamp' | 'trace'>,
    dhKey: Uint8Array,
  ): Opened {
    const decoded = decodeAgentEnvelope(bytes);
    if (!decoded.ok) return refused('agent envelope', decoded.error);
    const envelope = decoded.value;
    const isContact = queue.purpose !== 'connection';
    if (isContact !== (envelope.kind === 'invitation')) {
      return refused(
        'agent envelope',
        `an SMP ${envelope.kind} does not belong on a queue for ${queue.purpose}`,
      );
    }
    const { server, recipientId } = queue;
    const peerDhKey = queue.peerDhKey ? undefined : dhKey;
    if (envelope.kind !== 'message') {
      const peer = peerOf(envelope);
      const delivered: Delivered = {
        kind: envelope.kind,
        body: envelope.connInfo,
        ...circumstances,
        ...(peer && { peer }),
        ...(!isContact && peerDhKey && { received: { server, recipientId, peerDhKey } }),
      };
      return { is: 'delivered', delivered };
    }
    const message = readAgentMessage(envelope.message);
    if (!message.ok) return refused('agent message', message.error);
    const position: ChainPosition = { id: message.value.id, hash: sha256(envelope.message) };
    const integrity = integrityOf(queue.received, message.value);
    // a late copy leads nowhere: what has come since would be missing after it
    const reached = integrity.is === 'bad_id' ? {} : { position, time: circumstances.timestamp };
    const delivered: Delivered = {
      kind: 'message',
      body: message.value.body,
      ...circumstances,
      received: {
        ...{ server, recipientId, ...reached },
        ...(peerDhKey && { peerDhKey }),
      },
      integrity,
    };
    return { is: 'delivered', delivered };
  }

  private keysOf(queue: ReceiveQueue): QueueKeys {
    const known = this.keys.get(queue.seed);
    if (known) return known;
    const made: QueueKeys = { server: this.boxKey(queue, queue.serverDhKey) };
    this.keys.set(queue.seed, made);
    return made;
  }

  private peerBox(keys: QueueKeys, queue: ReceiveQueue, dhKey: Uint8Array): Buffer | undefined {
    if (!keys.peer || !sameBytes(keys.peer.dhKey, dhKey)) {
      keys.peer = { dhKey, box: this.boxKey(queue, dhKey) };
    }
    return keys.peer.box;
  }

  private boxKey({ seed }: ReceiveQueue, publicKey: Uint8Array): Buffer | undefined {
    return this.crypto.boxKey(privateKey(this.crypto, seed, 'recipient dh'), publicKey);
  }
}

/** Where to answer. */
function peerOf(envelope: Exclude<AgentEnvelope, { kind: 'message' }>): PeerQueue | undefined {
  const [queue] = envelope.kind === 'invitation' ? envelope.connection.queues : envelope.replyQueues;
  return queue && { server: queue.server.hosts[0], senderId: textId(queue.senderId), dhKey: queue.dhKey };
}
