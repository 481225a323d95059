/**
 * A client of the SMP server that knows nothing of this repository: written from docs/protocol/smp-over-nats.md alone, on
 * NATS, node:crypto and tweetnacl.
 */
import { randomBytes } from 'node:crypto';
import { createInbox, type Msg, type NatsConnection, type Subscription } from '@nats-io/transport-node';
import { block, bytes, commands, Fields, NONE, short, type Part } from './stranger-bytes';
import type { Key, Session } from './stranger-keys';
import { Queue, type QueueInfo, type QueueWish } from './stranger-queue';

const PATIENCE_MS = 60_000;

/** A transmission from the server. */
export interface Heard {
  readonly corrId: Buffer;
  readonly entityId: Buffer;
  /** the response */
  readonly body: Buffer;
}

/** A command on its way. */
export interface Said {
  readonly corrId: Buffer;
  readonly transmission: Buffer;
}

interface Wish {
  readonly corrId?: Buffer;
  /** what follows an authorization that is not empty */
  readonly service?: Part;
  /** instead of what the key makes */
  readonly authorization?: Uint8Array;
}

/** `OK`, `ERR AUTH`; of a response with more in it the name alone. */
export function told({ body }: Heard): string {
  const text = body.toString('latin1');
  return text.startsWith('ERR ') ? text : text.split(' ')[0];
}

export class Stranger implements Session {
  /** every transmission, by the block that it came in */
  readonly blocks: Heard[][] = [];
  private onStatus: (status: number) => void = () => undefined;
  /** The status of a block that came to no server. */
  readonly unreachable = new Promise<number>((resolve) => (this.onStatus = resolve));
  /** what nobody asked for and nobody has taken yet */
  readonly pushes: Heard[] = [];
  private readonly answers = new Map<string, (heard: Heard) => void>();
  private readonly waiting: ((heard: Heard) => void)[] = [];

  private constructor(
    private readonly nats: NatsConnection,
    private readonly server: string,
    readonly inbox: string,
    private readonly subscription: Subscription,
    readonly sessionId: Buffer,
    readonly sessionKey: Buffer,
  ) {}

  /** @param server as one subject token */
  static async open(nats: NatsConnection, server: string): Promise<Stranger> {
    const inbox = createInbox();
    const subscription = nats.subscribe(inbox);
    const { data } = await nats.request(`smp.${server}.hello`, inbox, { timeout: PATIENCE_MS });
    const fields = new Fields(data);
    const [min, max] = [fields.word16(), fields.word16()];
    if (min > 18 || max < 18) throw new Error(`versions ${min} to ${max}`);
    const stranger = new Stranger(nats, server, inbox, subscription, fields.short(), fields.short());
    void stranger.listen();
    return stranger;
  }

  close(): void {
    this.subscription.unsubscribe();
  }

  /** A command as it is sent, authorized for this session. */
  say(entityId: Uint8Array, command: Part, key?: Key, wish: Wish = {}): Said {
    const { corrId = randomBytes(24), service = '0' } = wish;
    const signed = bytes(short(corrId), short(entityId), command);
    const authorization = wish.authorization ?? key?.authorize(this, corrId, signed) ?? NONE;
    const head = authorization.length === 0 ? short(NONE) : bytes(short(authorization), service);
    return { corrId, transmission: bytes(head, signed) };
  }

  publish(payload: Uint8Array, session = this.sessionId.toString('hex')): void {
    this.nats.publish(`smp.${this.server}.block.${session}`, payload, { reply: this.inbox });
  }

  /** One block with all of these; what is answered to each. */
  async askAll(said: readonly Said[]): Promise<Heard[]> {
    const answers = said.map(({ corrId }) => this.answer(corrId));
    this.publish(block(said.map(({ transmission }) => transmission)));
    return Promise.all(answers);
  }

  async ask(entityId: Uint8Array, command: Part, key?: Key, wish?: Wish): Promise<Heard> {
    const [heard] = await this.askAll([this.say(entityId, command, key, wish)]);
    return heard;
  }

  /** The same, as text. */
  async tell(entityId: Uint8Array, command: Part, key?: Key, wish?: Wish): Promise<string> {
    return told(await this.ask(entityId, command, key, wish));
  }

  /** What is answered to a command with this corrId. */
  answer(corrId: Buffer): Promise<Heard> {
    return inTime((resolve) => this.answers.set(corrId.toString('hex'), resolve));
  }

  /** The next transmission without a corrId. */
  push(): Promise<Heard> {
    const next = this.pushes.shift();
    return next ? Promise.resolve(next) : inTime((resolve) => this.waiting.push(resolve));
  }

  /** What was pushed until a PING is answered that is sent now. */
  async rest(): Promise<string[]> {
    await this.ask(NONE, 'PING');
    return this.pushes.splice(0).map(told);
  }

  async create(wish: QueueWish = {}): Promise<Queue> {
    const queue = new Queue(wish);
    const heard = await this.ask(NONE, queue.command, queue.key, { corrId: queue.corrId });
    queue.created(heard.body);
    return queue;
  }

  /** A recipient's command. */
  async own(queue: Queue, command: Part, key = queue.key): Promise<string> {
    return queue.text(await this.ask(queue.recipientId, command, key));
  }

  async info(queue: Queue): Promise<QueueInfo> {
    return JSON.parse((await this.own(queue, 'QUE')).slice('INFO '.length)) as QueueInfo;
  }

  ack(queue: Queue, msgId: Uint8Array = queue.lastId): Promise<string> {
    return this.own(queue, commands.ack(msgId));
  }

  send(queue: Queue, body: Part, key?: Key): Promise<string> {
    return this.tell(queue.senderId, commands.send(body), key);
  }

  /** The next push, as text; it has to be about this queue. */
  async pushed(queue: Queue): Promise<string> {
    const heard = await this.push();
    if (!heard.entityId.equals(queue.recipientId)) throw new Error('a push of another queue');
    return queue.text(heard);
  }

  private async listen(): Promise<void> {
    for await (const message of this.subscription) this.hear(message);
  }

  private hear({ data, headers }: Msg): void {
    if (headers && headers.code > 0) return this.onStatus(headers.code);
    const fields = new Fields(data);
    const heard = Array.from({ length: fields.take(1)[0] }, () => transmissionOf(fields.large()));
    fields.end();
    this.blocks.push(heard);
    for (const one of heard) {
      const key = one.corrId.toString('hex');
      const waiting = key === '' ? this.waiting.shift() : this.answers.get(key);
      this.answers.delete(key);
      if (waiting) waiting(one);
      else this.pushes.push(one);
    }
  }
}

function transmissionOf(transmission: Uint8Array): Heard {
  const fields = new Fields(transmission);
  if (fields.short().length > 0) throw new Error('the server authorizes nothing');
  return { corrId: fields.short(), entityId: fields.short(), body: fields.rest() };
}

function inTime<T>(wait: (resolve: (value: T) => void) => void): Promise<T> {
  const late = new Error('nothing was heard in time');
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(late), PATIENCE_MS);
    wait((value) => {
      clearTimeout(timer);
      resolve(value);
    });
  });
}
