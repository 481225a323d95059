/** The encodings and commands of docs/protocol/smp-over-nats.md, sections 2, 5 and 7, written from that page alone. */
import { createHash } from 'node:crypto';

export type Part = Uint8Array | string;

/** All in a row; text is ASCII. */
export function bytes(...parts: Part[]): Buffer {
  return Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)));
}

export const NONE = Buffer.alloc(0);

export function word16(value: number): Buffer {
  return Buffer.from([value >> 8, value & 255]);
}

export function short(part: Part): Buffer {
  const content = bytes(part);
  return bytes(Uint8Array.of(content.length), content);
}

function large(part: Part): Buffer {
  const content = bytes(part);
  return bytes(word16(content.length), content);
}

function maybe(part: Part | undefined): Buffer {
  return part === undefined ? bytes('0') : bytes('1', part);
}

/** A block of transmissions. */
export function block(transmissions: readonly Uint8Array[]): Buffer {
  return bytes(Uint8Array.of(transmissions.length), ...transmissions.map(large));
}

/** Takes fields from the front of bytes. */
export class Fields {
  private at = 0;

  constructor(private readonly content: Uint8Array) {}

  take(count: number): Buffer {
    if (this.at + count > this.content.length) throw new Error('bytes are missing');
    this.at += count;
    return Buffer.from(this.content.subarray(this.at - count, this.at));
  }

  word16(): number {
    return this.take(2).readUInt16BE();
  }

  short(): Buffer {
    return this.take(this.take(1)[0]);
  }

  large(): Buffer {
    return this.take(this.word16());
  }

  maybe<T>(read: () => T): T | undefined {
    const flag = this.take(1).toString('latin1');
    if (flag !== '0' && flag !== '1') throw new Error(`no Maybe: ${flag}`);
    return flag === '1' ? read() : undefined;
  }

  rest(): Buffer {
    return this.take(this.content.length - this.at);
  }

  end(): void {
    if (this.at !== this.content.length) throw new Error('bytes are left over');
  }
}

/** The sender id that goes with the corrId of a NEW with a link. */
export function senderIdFor(corrId: Uint8Array): Buffer {
  return createHash('sha3-384').update(corrId).digest().subarray(0, 24);
}

export interface LinkData {
  linkId?: Part;
  senderId: Part;
  fixed: Part;
  user: Part;
}

export interface NewQueue {
  key: Uint8Array;
  dhKey: Uint8Array;
  password?: string;
  subscribe?: boolean;
  mode?: 'M' | 'C';
  link?: LinkData;
  notifier?: Uint8Array;
}

function queueData(mode: 'M' | 'C', link: LinkData | undefined): Buffer {
  const id = mode === 'C' && link ? short(link.linkId ?? '') : NONE;
  return bytes(mode, maybe(link && bytes(id, short(link.senderId), large(link.fixed), large(link.user))));
}

export const commands = {
  new: ({ key, dhKey, password, subscribe = true, mode, link, notifier }: NewQueue): Buffer =>
    bytes(
      'NEW ',
      short(key),
      short(dhKey),
      maybe(password === undefined ? undefined : short(password)),
      subscribe ? 'S' : 'C',
      maybe(mode && queueData(mode, link)),
      maybe(notifier),
    ),
  ack: (msgId: Uint8Array): Buffer => bytes('ACK ', short(msgId)),
  key: (key: Uint8Array): Buffer => bytes('KEY ', short(key)),
  skey: (key: Uint8Array): Buffer => bytes('SKEY ', short(key)),
  lkey: (key: Uint8Array): Buffer => bytes('LKEY ', short(key)),
  rkey: (...keys: Uint8Array[]): Buffer => bytes('RKEY ', Uint8Array.of(keys.length), ...keys.map(short)),
  send: (body: Part, flag = 'F'): Buffer => bytes(`SEND ${flag} `, body),
  lset: (linkId: Part, fixed: Part, user: Part): Buffer =>
    bytes('LSET ', short(linkId), large(fixed), large(user)),
};
