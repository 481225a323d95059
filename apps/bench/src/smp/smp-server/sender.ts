import { randomFillSync } from 'node:crypto';
import { connectBus, SmpClient } from '@chat-relays/bus';
import { type KeyPair, NONCE_BYTES, realCrypto, type Response, sealClientMessage } from '@chat-relays/smp';
import { TestQueue } from '@chat-relays/simulation';
import { Bodies } from '../body';
import { clock, type SendingEnd, type Sent, type Setting } from '../end';
import type { Pass } from '../tally';
import { Window } from '../window';
import type { ToldQueue } from './receiver';
import { SERVER } from './server';

/** SENDs that wait for their OK. */
const IN_FLIGHT = 4_000;
/** Before a SEND is tried again that found its queue full. */
const FULL_PAUSE_MS = 5;

interface Target {
  readonly senderId: Uint8Array;
  readonly key: KeyPair;
  readonly dhKey: KeyPair;
  readonly boxKey: Buffer;
}

/** Secures every queue with a key of its own, and authorizes and seals each message. */
export class SmpSender implements SendingEnd {
  private client!: SmpClient;
  private bodies!: Bodies;
  private targets: Target[] = [];
  private readonly told = new Set<number>();
  private nonces = Buffer.alloc(0);
  /** what is sealed next, which copies it */
  private plain!: Buffer;

  /** @param sealed queues are secured, bodies sealed end to end; otherwise anybody may send, and what is sent is seen */
  constructor(private readonly sealed: boolean) {}

  async open({ natsUrl, size }: Setting, told: unknown): Promise<void> {
    this.bodies = new Bodies(size);
    this.plain = Buffer.alloc(size);
    const connection = await connectBus({ servers: natsUrl, name: 'sender', timeoutMs: 60_000 });
    this.client = new SmpClient(connection, { onMessages: () => undefined, timeoutMs: 20_000 });
    this.targets = (told as ToldQueue[]).map(({ senderId, dhKey: theirs }) => {
      const [key, dhKey] = [TestQueue.keyPair(), TestQueue.keyPair()];
      return { senderId, key, dhKey, boxKey: realCrypto.boxKey(dhKey, theirs)! };
    });
    if (this.sealed) await Promise.all(this.targets.map((target) => this.secure(target)));
  }

  async send(pass: Pass): Promise<Sent> {
    let accepted = 0;
    let fail: (error: Error) => void;
    const failed = new Promise<never>((_, reject) => (fail = reject));
    const window = new Window(pass, IN_FLIGHT, (queue, number) =>
      this.sendOne(queue, number, () => window.acknowledged(++accepted), fail),
    );
    const began = clock();
    await Promise.race([window.run(), failed]);
    return { began, ended: clock() };
  }

  private async secure({ senderId: entityId, key }: Target): Promise<void> {
    const command = { kind: 'SKEY', key: key.publicKey } as const;
    const response = await this.client.request(SERVER, { entityId, command, key });
    if (response.kind !== 'OK') throw new Error(`SKEY: ${JSON.stringify(response)}`);
  }

  private sendOne(queue: number, number: number, done: () => void, fail: (error: Error) => void): void {
    const { senderId: entityId, key } = this.targets[queue];
    const body = this.sealed ? this.seal(queue, number) : this.bodies.make(queue, number);
    const command = { kind: 'SEND', notify: false, body } as const;
    const request = { entityId, command, key: this.sealed ? key : undefined };
    const send = () => void this.client.request(SERVER, request).then(heard, fail);
    const heard = (response: Response): void => {
      if (response.kind === 'OK') done();
      else if (response.kind === 'ERR' && response.error === 'QUOTA') setTimeout(send, FULL_PAUSE_MS);
      else fail(new Error(`SEND: ${JSON.stringify(response)}`));
    };
    send();
  }

  private seal(queue: number, number: number): Buffer {
    const { boxKey, dhKey } = this.targets[queue];
    const first = !this.told.has(queue);
    if (first) this.told.add(queue);
    const nonce = this.nonce();
    return sealClientMessage(
      realCrypto,
      { boxKey, nonce, senderDhKey: first ? dhKey.publicKey : undefined },
      this.bodies.make(queue, number, this.plain),
    );
  }

  /** Many from one call of the system, as agents make them (RandomPool). */
  private nonce(): Buffer {
    if (this.nonces.length === 0) this.nonces = randomFillSync(Buffer.allocUnsafeSlow(512 * NONCE_BYTES));
    const nonce = this.nonces.subarray(0, NONCE_BYTES);
    this.nonces = this.nonces.subarray(NONCE_BYTES);
    return nonce;
  }
}
