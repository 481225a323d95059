import { randomBytes } from 'node:crypto';
import type { Delivered, PeerQueue, ReceiveQueue, SendQueue } from '@chat-relays/agent';
import { type ChainPosition, CHAIN_START } from '@chat-relays/smp';
import { decodeBody } from '@chat-relays/wire';
import { converges } from '../convergence';

/** One element that was said to the adversary. */
export interface Heard {
  readonly event: string;
  readonly params: object;
  /** as it came, with its signatures */
  readonly bytes: Uint8Array;
  /** where whoever said it wants to be answered */
  readonly peer?: SendQueue;
}

/** A queue of the adversary's with what came on it, and the peer's that goes with it. */
export class Line {
  readonly heard: Heard[] = [];
  private sending?: SendQueue;

  constructor(
    private receiving: ReceiveQueue,
    peer?: SendQueue,
  ) {
    this.sending = peer;
  }

  get queue(): ReceiveQueue {
    return this.receiving;
  }

  get peer(): SendQueue {
    if (!this.sending) throw new Error('nobody has said where to send');
    return this.sending;
  }

  /** The next message is numbered as the one after this. */
  set sent(position: ChainPosition) {
    this.sending = { ...this.peer, sent: position };
  }

  take({ body, peer, received }: Delivered): void {
    const { peerDhKey, position } = received ?? {};
    const known = { ...(peerDhKey && { peerDhKey }), ...(position && { received: position }) };
    this.receiving = { ...this.receiving, ...known };
    const answer = peer && sendQueue(peer);
    if (this.receiving.purpose === 'connection' && answer) this.sending = answer;
    for (const element of decodeBody(body)) {
      if (!element.ok || element.value.kind === 'fileChunk') continue;
      const { kind, bytes } = element.value;
      const original = kind === 'forwarded' ? element.value.element : element.value;
      if (original.kind === 'fileChunk') continue;
      const { event, params } = original.envelope.message;
      this.heard.push({ event, params, bytes, ...(answer && { peer: answer }) });
    }
  }

  /** The next message with this event. */
  async hears(event: string): Promise<Heard> {
    const at = () => this.heard.findIndex((one) => one.event === event);
    await converges(() => Promise.resolve(at() >= 0), true);
    return this.heard.splice(at(), 1)[0];
  }
}

/** To send to a peer with keys that are made now. */
export function sendQueue(peer: PeerQueue): SendQueue {
  return { ...peer, seed: randomBytes(32), sent: CHAIN_START };
}
