import { bytesKey } from '@chat-relays/smp';

/** So often is a queue asked for before it is lost, the first time included. */
const TIMES = 5;
const DEFAULT_LOST_AFTER_MS = 120_000;

interface Absent {
  readonly recipientId: Uint8Array;
  readonly since: number;
  readonly told?: true;
}

/**
 * Queues that their server has not, as it says: it may be empty by mistake, or be getting its old data back. So they are asked
 * for again, and are lost when it has said so for long enough. Each loss is told once; after it a queue is asked for in each
 * new session, which is when a server may have it again.
 */
export class AbsentQueues {
  private readonly absent = new Map<string, Absent>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly askFor: (recipientIds: readonly Uint8Array[]) => void,
    private readonly lostAfterMs = DEFAULT_LOST_AFTER_MS,
  ) {}

  /** The server has it not. Answers whether it is lost by that, and was not before. */
  refused(recipientId: Uint8Array): boolean {
    const key = bytesKey(recipientId);
    const now = performance.now();
    const known = this.absent.get(key) ?? { recipientId, since: now };
    if (known.told) return false;
    const isLost = now - known.since >= this.lostAfterMs;
    this.absent.set(key, isLost ? { ...known, told: true } : known);
    if (!isLost) this.timer ??= setTimeout(() => this.askAgain(), this.lostAfterMs / (TIMES - 1));
    return isLost;
  }

  /** The server has it, or nobody wants it any more. */
  forget(recipientId: Uint8Array): void {
    this.absent.delete(bytesKey(recipientId));
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private askAgain(): void {
    this.timer = undefined;
    const untold = [...this.absent.values()].filter(({ told }) => !told);
    if (untold.length > 0) this.askFor(untold.map(({ recipientId }) => recipientId));
  }
}
