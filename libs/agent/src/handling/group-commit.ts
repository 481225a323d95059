interface Waiting<T> {
  readonly item: T;
  readonly done: () => void;
  readonly failed: (error: Error) => void;
}

/**
 * One commit at a time: what arrives while it runs is taken together by the next. When a commit fails, each of its items
 * is tried alone, so that one that cannot be committed is refused and the others are not.
 */
export class GroupCommit<T> {
  private readonly waiting: Waiting<T>[] = [];
  private running: Promise<void> | undefined;

  /** @param most weight of one commit; an item that is heavier goes alone */
  constructor(
    private readonly most: number,
    private readonly commit: (items: readonly T[]) => Promise<void>,
    private readonly weigh: (item: T) => number = () => 1,
  ) {}

  /** Resolves when the items are committed; rejects when one was refused, the others being committed. */
  async add(items: readonly T[]): Promise<void> {
    const all = items.map(
      (item) =>
        new Promise<void>((done, failed) => {
          this.waiting.push({ item, done, failed });
        }),
    );
    this.begin();
    for (const result of await Promise.allSettled(all)) {
      if (result.status === 'rejected') throw result.reason as Error;
    }
  }

  private begin(): void {
    this.running ??= this.run().finally(() => {
      this.running = undefined;
      if (this.waiting.length > 0) this.begin();
    });
  }

  private next(): number {
    let weight = 0;
    const end = this.waiting.findIndex(({ item }) => (weight += this.weigh(item)) > this.most);
    return end < 0 ? this.waiting.length : Math.max(1, end);
  }

  private async run(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, this.next());
      try {
        await this.commit(batch.map(({ item }) => item));
        for (const { done } of batch) done();
      } catch (error) {
        if (batch.length === 1) batch[0].failed(error as Error);
        else for (const { item, done, failed } of batch) await this.commit([item]).then(done, failed);
      }
    }
  }
}
