import { randomFillSync } from 'node:crypto';

const POOL_BYTES = 12_288;

/** Random bytes for ids, nonces and seeds. One call of the system for many of them: each costs more than sealing a message. */
export class RandomPool {
  private pool = Buffer.alloc(0);
  private used = 0;

  /** Never the same bytes twice; what is handed out is never written again. */
  take(count: number): Uint8Array {
    if (this.used + count > this.pool.length) {
      this.pool = randomFillSync(Buffer.allocUnsafeSlow(Math.max(POOL_BYTES, count)));
      this.used = 0;
    }
    const start = this.used;
    this.used += count;
    return this.pool.subarray(start, this.used);
  }
}
