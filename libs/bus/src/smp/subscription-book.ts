import { bytesKey, keyBytes } from '@chat-relays/smp';

/** Which queues of one server are to be subscribed, which are, and who waits for them. */
export class SubscriptionBook {
  private readonly wanted = new Set<string>();
  /** subscribed in the session of now */
  private readonly live = new Set<string>();
  private readonly missing = new Set<string>();
  private readonly waiters = new Map<string, (() => void)[]>();

  get isEmpty(): boolean {
    return this.wanted.size === 0;
  }

  /** Resolves once the queue is live or was given up. */
  want(recipientId: Uint8Array): Promise<void> {
    const key = bytesKey(recipientId);
    this.wanted.add(key);
    if (this.live.has(key)) return Promise.resolve();
    this.missing.add(key);
    return new Promise((resolve) => {
      const waiters = this.waiters.get(key);
      if (waiters) waiters.push(resolve);
      else this.waiters.set(key, [resolve]);
    });
  }

  /** Up to `count` queues that need a SUB. */
  nextMissing(count: number): Uint8Array[] {
    const ids: Uint8Array[] = [];
    for (const key of this.missing) {
      if (ids.length === count) break;
      ids.push(keyBytes(key));
    }
    return ids;
  }

  subscribed(recipientId: Uint8Array): void {
    const key = bytesKey(recipientId);
    this.live.add(key);
    this.settle(key);
  }

  /** Another client has it: not subscribed again before the next session. */
  ended(recipientId: Uint8Array): void {
    this.live.delete(bytesKey(recipientId));
  }

  giveUp(recipientId: Uint8Array): void {
    const key = bytesKey(recipientId);
    this.wanted.delete(key);
    this.live.delete(key);
    this.settle(key);
  }

  sessionLost(): void {
    this.live.clear();
    for (const key of this.wanted) this.missing.add(key);
  }

  close(): void {
    for (const key of [...this.waiters.keys()]) this.settle(key);
  }

  private settle(key: string): void {
    this.missing.delete(key);
    for (const resolve of this.waiters.get(key) ?? []) resolve();
    this.waiters.delete(key);
  }
}
