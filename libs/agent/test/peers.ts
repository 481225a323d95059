/** For specs: both ends of a queue with the server between them, and a process around an agent. */
import { CHAIN_START, type Crypto, MessageSealer, type Response } from '@chat-relays/smp';
import type { QueuePurpose } from '@chat-relays/protocol';
import { textId } from '@chat-relays/wire';
import type { ReceiveQueue } from '../src/commands/command';
import type { HandlerPorts } from '../src/handling/handle';
import { keyPair } from '../src/sealing/keys';
import type { Observation } from '../src/observation';
import { type Delivered, Opener } from '../src/sealing/opener';
import type { Host } from '../src/ports';
import { Sealer } from '../src/sealing/sealer';
import type { SendQueue } from '../src/sealing/send-queue';
import type { IncomingMessage, Smp, SmpRequest } from '../src/smp-port';

/** Never the same bytes twice. */
export function chance(): (bytes: number) => Buffer {
  let count = 0;
  return (bytes) => {
    const made = Buffer.alloc(bytes, 0xc0);
    made.writeUInt32BE(++count, 0);
    return made;
  };
}

/** A process that is told what time it is; `slept` are its waits, `observed` is what it told. */
export function hostOf(crypto: Crypto, more: Partial<Host> = {}) {
  const observed: Observation[] = [];
  const slept: number[] = [];
  const clock = { now: 1_000 };
  const host: Host = {
    now: () => clock.now,
    sleep: async (ms) => {
      slept.push(ms);
    },
    random: chance(),
    crypto,
    observe: (observation) => observed.push(observation),
    ...more,
  };
  return { host, observed, slept, clock };
}

export function sealerOf(host: Host, padded = false): Sealer {
  return new Sealer(host.crypto, (bytes) => host.random(bytes), padded);
}

/** A server that answers as it is told; `requests` are what it was asked. */
export function answering(answer: (request: SmpRequest, server: string) => Response | Promise<Response>) {
  const requests: (SmpRequest & { readonly server: string })[] = [];
  const smp: Smp = {
    request: async (server, request) => {
      requests.push({ ...request, server });
      return answer(request, server);
    },
    subscribe: () => Promise.resolve(),
    acknowledge: () => undefined,
  };
  return { smp, requests };
}

/** A queue as the one who reads it and the one who writes to it keep it. */
export class Ends {
  readonly receiving: ReceiveQueue;
  readonly sending: SendQueue;
  private readonly server: MessageSealer;
  private messages = 0;

  /**
   * @param number of the queue: with it differ its ids and all its keys
   * @param purpose of a connection unless it is said; on connections the sender's key is known
   */
  constructor(
    private readonly crypto: Crypto,
    number = 1,
    noun: ReceiveQueue['noun'] = 'group_relay',
    purpose: QueuePurpose = 'connection',
  ) {
    const seed = Buffer.alloc(32, number);
    const serverSeed = Buffer.alloc(32, 0x40 + number);
    const { publicKey: dhKey } = keyPair(crypto, seed, 'recipient dh');
    const senderSeed = Buffer.alloc(32, 0x80 + number);
    this.sending = {
      server: 'smp',
      senderId: textId(Buffer.alloc(24, 0x80 + number)),
      dhKey,
      seed: senderSeed,
      sent: CHAIN_START,
    };
    this.receiving = {
      ...{ noun, id: `record ${number}`, identity: 'somebody', protocol: 'full', purpose, attempt: 1, seed },
      server: 'smp',
      recipientId: Buffer.alloc(24, number),
      serverDhKey: crypto.keyPair('x25519', serverSeed).publicKey,
      ...(purpose === 'connection' && { peerDhKey: this.senderDhKey }),
      received: CHAIN_START,
    };
    this.server = new MessageSealer(crypto, serverSeed, dhKey, false);
  }

  get senderDhKey(): Uint8Array {
    return keyPair(this.crypto, this.sending.seed, 'sender dh').publicKey;
  }

  /** The receiving end before it got anything. */
  get fresh(): ReceiveQueue {
    const { peerDhKey: _, ...fresh } = this.receiving;
    return fresh;
  }

  /** What the server makes of a SEND. */
  message(body: Uint8Array, more: Partial<IncomingMessage> = {}): IncomingMessage {
    const msgId = Buffer.alloc(24, ++this.messages);
    const sealed = this.server.seal(msgId, { quota: false, timestamp: 17, notify: false, body });
    return { server: 'smp', recipientId: this.receiving.recipientId, msgId, sealed, ...more };
  }

  get quota(): IncomingMessage {
    const msgId = Buffer.alloc(24, ++this.messages);
    const sealed = this.server.seal(msgId, { quota: true, timestamp: 17 });
    return { server: 'smp', recipientId: this.receiving.recipientId, msgId, sealed };
  }

  /** What a SEND says to the reader. */
  read(body: Uint8Array, queue = this.receiving): Delivered {
    const opened = new Opener(this.crypto).open(queue, this.message(body));
    if (opened.is !== 'delivered') throw new Error(JSON.stringify(opened));
    return opened.delivered;
  }
}

/** For a handler of which nobody wants to hear. */
export const silent: Pick<HandlerPorts, 'onQueues' | 'onDeleted' | 'onJobs' | 'onCommands'> = {
  onQueues: () => undefined,
  onDeleted: () => undefined,
  onJobs: () => undefined,
  onCommands: () => undefined,
};
