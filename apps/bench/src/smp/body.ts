const HEADER = 8;
/** the queue of a body that was altered */
export const ALTERED = -1;

/** Bodies of one size: UInt32BE queue, UInt32BE number, filling. */
export class Bodies {
  private readonly filling: Buffer;

  /** @param size at least 16 bytes */
  constructor(size: number) {
    this.filling = Buffer.alloc(size, 'seldom the same letters twice; ');
  }

  /** @param body of just this size; without, a buffer of its own: NATS clients keep what they were given until they flush */
  make(queue: number, number: number, body: Buffer = Buffer.allocUnsafe(this.filling.length)): Buffer {
    this.filling.copy(body, HEADER, HEADER);
    body.writeUInt32BE(queue, 0);
    body.writeUInt32BE(number, 4);
    return body;
  }

  /** ALTERED for bytes that nobody made here. No object is made for a message: it would be a part of what is measured. */
  queueOf(bytes: Uint8Array): number {
    const { filling } = this;
    const isWhole =
      bytes.length === filling.length && filling.compare(bytes, HEADER, bytes.length, HEADER) === 0;
    return isWhole ? uint32(bytes, 0) : ALTERED;
  }

  numberOf(bytes: Uint8Array): number {
    return uint32(bytes, 4);
  }
}

function uint32(bytes: Uint8Array, at: number): number {
  return ((bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]) >>> 0;
}
