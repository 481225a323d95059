import { dialogueOf, groupOf } from '@chat-relays/protocol';
import type { Host, Store } from '../ports';
import { TemporaryError } from '../smp-port';
import { type Stuck, waitingRecords } from './waiting';

export interface StuckOptions {
  readonly store: Pick<Store, 'stuck'>;
  readonly host: Pick<Host, 'now' | 'observe'>;
  /** how long a record waits before it is stuck */
  readonly afterMs: number;
  /** records that are read at once */
  readonly page?: number;
}

/** A deadline is looked at this often while it runs, but not more often, nor more rarely, than these. */
const LOOKS_PER_DEADLINE = 5;
const SHORTEST_MS = 50;
const LONGEST_MS = 60_000;

/**
 * Tells once of each record that waits for its peer for too long; nothing is done to it. A process that starts again
 * tells again of those that still wait.
 */
export class StuckTimer {
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<unknown> | undefined;
  private told = { since: 0, id: '' };

  constructor(private readonly options: StuckOptions) {}

  start(): void {
    const everyMs = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, this.options.afterMs / LOOKS_PER_DEADLINE));
    this.timer = setInterval(() => {
      this.looking ??= this.look().finally(() => (this.looking = undefined));
    }, everyMs);
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.looking;
  }

  /** Tells of those that became stuck since the last look; answers how many. */
  async look(): Promise<number> {
    const { store, host, afterMs, page = 500 } = this.options;
    const before = host.now() - afterMs;
    let count = 0;
    try {
      for (let stuck: Stuck[] | undefined; stuck === undefined || stuck.length >= page;) {
        stuck = await store.stuck({ waiting: waitingRecords, before, after: this.told, limit: page });
        for (const each of stuck) this.tell(each);
        count += stuck.length;
      }
    } catch (error) {
      if (!(error instanceof TemporaryError)) throw error;
      host.observe({ what: 'waiting', on: 'database', reason: error.message });
    }
    return count;
  }

  private tell({ record, since }: Stuck): void {
    const { noun, id, protocol, identity, status } = record;
    const { half } = dialogueOf(protocol, noun);
    const group = groupOf(record);
    this.options.host.observe({ what: 'stuck', protocol, half, noun, id, identity, group, status, since });
    this.told = { since, id };
  }
}
