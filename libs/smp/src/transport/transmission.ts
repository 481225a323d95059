/** Transmissions and the blocks that carry them (SMP v18; blocks unpadded, because NATS frames them). */
import { asBuffer, decoded, EMPTY, refused, Writer, type Decoded } from '../encoding';

/** authorization, corrId and entityId are short strings; the rest of a transmission is the command or response. */
export interface Transmission {
  readonly authorization: Uint8Array;
  /** of a client service, which this system does not have */
  readonly serviceSignature?: Uint8Array;
  readonly corrId: Uint8Array;
  readonly entityId: Uint8Array;
  readonly body: Uint8Array;
}

/** A transmission as it came. */
export interface ReceivedTransmission extends Transmission {
  /** corrId, entityId and body with their lengths: together with the session id, what is authorized */
  readonly authorized: Uint8Array;
}

/** The count of transmissions in a block is one byte. */
export const MAX_BLOCK_TRANSMISSIONS = 255;
/** Transmissions are collected into one NATS payload up to this size; one larger transmission goes alone. */
export const MAX_BLOCK_BYTES = 65_536;
/** The length of a transmission is a Word16. */
export const MAX_TRANSMISSION_BYTES = 65_535;

export function writeTransmission(writer: Writer, transmission: Transmission): void {
  const { authorization, serviceSignature, corrId, entityId, body } = transmission;
  writer.shortString(authorization);
  if (authorization.length > 0) writer.maybe(serviceSignature, (bytes) => writer.shortString(bytes));
  writer.shortString(corrId).shortString(entityId).raw(body);
}

/**
 * A transmission whose authorization, of so many bytes, is made of what follows it.
 * @param authorize gets corrId, entityId and body as they are written, which it must not keep
 */
export function writeAuthorized(
  writer: Writer,
  authorizationBytes: number,
  write: (writer: Writer) => void,
  authorize: (authorized: Uint8Array) => Uint8Array,
): void {
  const start = writer.byte(authorizationBytes).length;
  // no service signature
  const end = writer.space(authorizationBytes).ascii('0').length;
  write(writer);
  writer.patch(start, authorize(writer.written(end)));
}

export function readTransmission(bytes: Uint8Array): Decoded<ReceivedTransmission> {
  return transmissionAt(asBuffer(bytes), 0, bytes.length);
}

const BAD_TRANSMISSION = refused('BLOCK');
const [ABSENT, PRESENT] = [0x30, 0x31];

/**
 * By places instead of a Reader, because there is one for each message. Each place is behind the one before it, so that a
 * length that leads out of the transmission is noticed at the last one; out of the block it is NaN, which is no place.
 */
function transmissionAt(block: Buffer, start: number, end: number): Decoded<ReceivedTransmission> {
  const signed = start + 1 + block[start];
  let corr = signed;
  let serviceSignature: Buffer | undefined;
  if (signed > start + 1) {
    corr = signed + 1;
    if (block[signed] === PRESENT) {
      corr += 1 + block[signed + 1];
      serviceSignature = block.subarray(signed + 2, corr);
    } else if (block[signed] !== ABSENT) return BAD_TRANSMISSION;
  }
  const entity = corr + 1 + block[corr];
  const body = entity + 1 + block[entity];
  if (!(body <= end)) return BAD_TRANSMISSION;
  const transmission = {
    authorization: signed > start + 1 ? block.subarray(start + 1, signed) : EMPTY,
    corrId: block.subarray(corr + 1, entity),
    entityId: block.subarray(entity + 1, body),
    body: block.subarray(body, end),
    authorized: block.subarray(corr, end),
  };
  return decoded(serviceSignature ? { ...transmission, serviceSignature } : transmission);
}

/**
 * Fills blocks in order: at most 255 transmissions and `maxBytes` bytes each. Byte 0 of a block is its count.
 * Every block has memory of its own, so that it may be published without a copy.
 * @throws {RangeError} when `write` makes a transmission longer than 65,535 bytes
 */
export function pack<T>(
  items: readonly T[],
  write: (writer: Writer, item: T) => void,
  maxBytes: number = MAX_BLOCK_BYTES,
): Buffer[] {
  const blocks: Buffer[] = [];
  // a few long ones or many short ones: what is too little grows, what is too much goes with its block
  const capacity = Math.min(maxBytes, Math.max(256, items.length * 512));
  let writer = new Writer(capacity);
  let count = 0;
  const close = (): void => {
    writer.patchByte(0, count);
    blocks.push(writer.finish());
    count = 0;
  };
  for (const item of items) {
    if (count === MAX_BLOCK_TRANSMISSIONS) {
      close();
      writer = new Writer(capacity);
    }
    if (count === 0) writer.byte(0);
    const start = writer.length;
    writer.word16(0);
    write(writer, item);
    const length = writer.length - start - 2;
    if (length > MAX_TRANSMISSION_BYTES) throw new RangeError(`transmission of ${length} bytes`);
    writer.patchWord16(start, length);
    if (writer.length > maxBytes && count > 0) {
      const spilled = writer.cut(start);
      close();
      writer = new Writer(Math.max(capacity, spilled.length + 1)).byte(0).raw(spilled);
    }
    count++;
  }
  if (count > 0) close();
  return blocks;
}

export function packBlocks(transmissions: readonly Transmission[], maxBytes?: number): Buffer[] {
  return pack(transmissions, writeTransmission, maxBytes);
}

/**
 * The transmissions of a block; those that cannot be read are refused one by one. When the frame itself is wrong
 * (count 0, short, bytes left over) the whole block is refused: nothing of it may be executed.
 */
export function unpackBlock(block: Uint8Array): Decoded<Decoded<ReceivedTransmission>[]> {
  const bytes = asBuffer(block);
  const transmissions: Decoded<ReceivedTransmission>[] = [];
  let at = 1;
  for (let left = bytes[0]; left > 0; left--) {
    const start = at + 2;
    if (start > bytes.length) return BAD_TRANSMISSION;
    at = start + bytes.readUInt16BE(at);
    if (at > bytes.length) return BAD_TRANSMISSION;
    transmissions.push(transmissionAt(bytes, start, at));
  }
  return at === bytes.length && transmissions.length > 0 ? decoded(transmissions) : BAD_TRANSMISSION;
}

const SPACE = 0x20;
const LONGEST_TAG = 4;

/** A command's or response's kind as a number, so that no string is made to look it up. */
export function tagNumber(kind: string): number {
  return tagOf(Buffer.from(kind, 'latin1'));
}

/** The tag of a command or response, which is the bytes before the first space, as a number; 0 for what is none. */
export function tagOf(body: Uint8Array): number {
  let tag = 0;
  for (let at = 0; at < body.length && body[at] !== SPACE; at++) {
    if (at === LONGEST_TAG || body[at] === 0) return 0;
    tag = (tag << 8) | body[at];
  }
  return tag;
}
