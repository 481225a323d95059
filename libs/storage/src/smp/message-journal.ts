/** Where in `message_blocks` the messages are that somebody still waits for, and which rows nobody needs any more. */
import type { MessageRecord } from '@chat-relays/smp';

interface Block {
  /** messages of it that are not removed */
  live: number;
  readonly bytes: number;
}

/** Where a message is that is not removed. */
interface Place {
  readonly number: number;
  readonly block: Block;
  readonly bytes: number;
}

/** Of a message beside its body, about. */
const HEAD_BYTES = 72;

/** More than this and more than twice of what is live: the oldest block is rewritten. */
const SPARE_BYTES = 64 * 1024 * 1024;

/**
 * Blocks go from the oldest on: what a block removed is then gone too, so that no message comes back. A message that
 * stays would hold all later blocks, so that it is moved to a new one when they are too many.
 */
export class MessageJournal {
  private readonly blocks = new Map<number, Block>();
  /** by seq */
  private readonly places = new Map<number, Place>();
  private bytes = 0;
  private liveBytes = 0;
  private last = 0;

  constructor(private readonly spareBytes = SPARE_BYTES) {}

  get nextBlock(): number {
    return this.last + 1;
  }

  /** A block that is stored: the newest. Messages of it that were in an earlier one are moved. */
  add(number: number, messages: readonly MessageRecord[], removed: readonly number[], bytes: number): void {
    const block = { live: messages.length, bytes };
    this.last = number;
    this.blocks.set(number, block);
    this.bytes += bytes;
    for (const message of messages) {
      this.remove(message.seq);
      const size = HEAD_BYTES + (message.quota ? 0 : message.body.length);
      this.places.set(message.seq, { number, block, bytes: size });
      this.liveBytes += size;
    }
    for (const seq of removed) this.remove(seq);
  }

  isLive(seq: number, block: number): boolean {
    return this.places.get(seq)?.number === block;
  }

  private remove(seq: number): void {
    const place = this.places.get(seq);
    if (place === undefined) return;
    place.block.live--;
    this.liveBytes -= place.bytes;
    this.places.delete(seq);
  }

  /** Forgets the blocks from the oldest on that have no live message; answers the last of them. */
  dropDead(): number | undefined {
    let dropped: number | undefined;
    for (const [block, { live, bytes }] of this.blocks) {
      if (live > 0) break;
      this.blocks.delete(block);
      this.bytes -= bytes;
      dropped = block;
    }
    return dropped;
  }

  /** The block whose messages are to be moved, if one is in the way. */
  get crowded(): number | undefined {
    if (this.bytes <= 2 * this.liveBytes + this.spareBytes) return undefined;
    const [oldest] = this.blocks.keys();
    return oldest;
  }
}
