/** A queue of a stranger: its ids and keys, and what it got (docs/protocol/smp-over-nats.md, sections 7 and 9). */
import { randomBytes } from 'node:crypto';
import type { Heard } from './stranger';
import { commands, Fields, NONE, senderIdFor, type LinkData, type NewQueue } from './stranger-bytes';
import { BoxKey, newKey, type Key } from './stranger-keys';

export interface QueueWish extends Partial<Pick<NewQueue, 'mode' | 'password' | 'subscribe'>> {
  key?: Key;
  corrId?: Buffer;
  /** what is not said is made up */
  link?: Partial<LinkData>;
}

/** A message as its recipient reads it. */
export interface Opened {
  readonly msgId: Buffer;
  readonly sealed: Buffer;
  /** unix seconds */
  readonly timestamp: number;
  readonly quota: boolean;
  readonly flag?: string;
  readonly body?: Buffer;
}

/** What QUE tells. */
export interface QueueInfo {
  readonly qiSnd: boolean;
  readonly qiNtf: boolean;
  readonly qiSub?: { readonly qSubThread: string; readonly qDelivered?: string };
  readonly qiSize: number;
  readonly qiMsg?: { readonly msgId: string; readonly msgTs: string; readonly msgType: string };
}

export class Queue {
  readonly key: Key;
  readonly corrId: Buffer;
  /** the NEW that makes it */
  readonly command: Buffer;
  /** as it was said in the NEW */
  readonly link: (LinkData & { linkId: Buffer }) | undefined;
  recipientId: Buffer = NONE;
  senderId: Buffer = NONE;
  mode: string | undefined;
  linkId: Buffer = NONE;
  lastId: Buffer = NONE;
  private readonly dhKey = new BoxKey();
  private serverDhKey: Buffer = NONE;

  constructor({ key = newKey(), corrId = randomBytes(24), link, ...wish }: QueueWish) {
    this.key = key;
    this.corrId = corrId;
    this.link = link && {
      senderId: senderIdFor(corrId),
      fixed: 'fixed data',
      user: 'user data',
      ...link,
      linkId: Buffer.from(link.linkId ?? randomBytes(24)),
    };
    this.command = commands.new({
      key: key.der,
      dhKey: this.dhKey.der,
      ...wish,
      ...(this.link && { link: this.link }),
    });
  }

  /** Reads IDS. */
  created(ids: Buffer): void {
    if (ids.toString('latin1', 0, 4) !== 'IDS ') throw new Error(`no IDS: ${ids.toString('latin1')}`);
    const fields = new Fields(ids.subarray(4));
    this.recipientId = fields.short();
    this.senderId = fields.short();
    this.serverDhKey = fields.short();
    this.mode = fields.maybe(() => fields.take(1).toString('latin1'));
    this.linkId = fields.maybe(() => fields.short()) ?? NONE;
    if (fields.rest().toString('latin1') !== '00') throw new Error('a service or a notifier');
  }

  /** Reads MSG, and opens what is in it. */
  open(msg: Buffer): Opened {
    if (msg.toString('latin1', 0, 4) !== 'MSG ') throw new Error(`no MSG: ${msg.toString('latin1')}`);
    const fields = new Fields(msg.subarray(4));
    const msgId = fields.short();
    const sealed = fields.rest();
    const plain = new Fields(this.dhKey.open(sealed, msgId, this.serverDhKey)).large();
    if (plain.toString('latin1', 0, 6) === 'QUOTA ') {
      return { msgId, sealed, timestamp: Number(plain.readBigInt64BE(6)), quota: true };
    }
    return {
      msgId,
      sealed,
      timestamp: Number(plain.readBigInt64BE(0)),
      quota: false,
      flag: plain.toString('latin1', 8, 9),
      body: plain.subarray(10),
    };
  }

  /** `MSG hello`, `MSG (quota)`, or what it is; remembers the id of the last message. */
  text({ body }: Heard): string {
    const text = body.toString('latin1');
    if (!text.startsWith('MSG ')) return text.startsWith('SOK ') ? 'SOK' : text;
    const opened = this.open(body);
    this.lastId = opened.msgId;
    return opened.quota ? 'MSG (quota)' : `MSG ${opened.body?.toString('utf8')}`;
  }
}
