import type { OwnQueue } from '@chat-relays/agent';
import { bytesKey, type PrivateKey } from '@chat-relays/smp';

/** Which queues of one server are to be subscribed, which are, and who waits for them. */
export class SubscriptionBook {
  private readonly wanted = new Map<string, OwnQueue>();
  /** subscribed in the session of now */
  private readonly live = new Map<string, OwnQueue>();
  private readonly missing = new Set<string>();
  /** that another client has */
  private readonly taken = new Set<string>();
  private readonly waiters = new Map<string, (() => void)[]>();

  get isEmpty(): boolean {
    return this.wanted.size === 0;
  }

  /** The key of a queue that is subscribed or to be. */
  keyOf(recipientId: Uint8Array): PrivateKey | undefined {
    const key = bytesKey(recipientId);
    return (this.live.get(key) ?? this.wanted.get(key))?.key;
  }

  /** Resolves once the queue is live or was given up. */
  want(queue: OwnQueue): Promise<void> {
    const key = bytesKey(queue.recipientId);
    this.wanted.set(key, queue);
    if (this.live.has(key)) return Promise.resolve();
    this.missing.add(key);
    return new Promise((resolve) => {
      const waiters = this.waiters.get(key);
      if (waiters) waiters.push(resolve);
      else this.waiters.set(key, [resolve]);
    });
  }

  /** Up to `count` queues that need a SUB. */
  nextMissing(count: number): OwnQueue[] {
    const queues: OwnQueue[] = [];
    for (const key of this.missing) {
      if (queues.length === count) break;
      queues.push(this.wanted.get(key)!);
    }
    return queues;
  }

  subscribed(queue: OwnQueue): void {
    const key = bytesKey(queue.recipientId);
    this.live.set(key, queue);
    this.settle(key);
  }

  /** Another client has it: not subscribed again before it is missed or the next session. */
  ended(recipientId: Uint8Array): void {
    const key = bytesKey(recipientId);
    this.live.delete(key);
    if (this.wanted.has(key)) this.taken.add(key);
  }

  /** What other clients had when it was asked for last. */
  takenOver(): Uint8Array[] {
    const taken = [...this.taken].flatMap((key) => this.wanted.get(key)?.recipientId ?? []);
    this.taken.clear();
    return taken;
  }

  /** The server may let us have these by now. */
  miss(recipientIds: readonly Uint8Array[]): void {
    for (const key of recipientIds.map(bytesKey))
      if (this.wanted.has(key) && !this.live.has(key)) this.missing.add(key);
  }

  /** The server has it not, or lets nobody read it: it stays wanted if it was. */
  refused(recipientId: Uint8Array): boolean {
    const key = bytesKey(recipientId);
    this.live.delete(key);
    this.settle(key);
    return this.wanted.has(key);
  }

  giveUp(recipientId: Uint8Array): void {
    const key = bytesKey(recipientId);
    this.wanted.delete(key);
    this.taken.delete(key);
    this.live.delete(key);
    this.settle(key);
  }

  sessionLost(): void {
    this.live.clear();
    this.taken.clear();
    for (const key of this.wanted.keys()) this.missing.add(key);
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
