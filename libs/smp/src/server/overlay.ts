/** A map under change: reads see the changes, the base does not, until they are applied. */
export class Overlay<V> {
  private readonly changes = new Map<string, V | undefined>();

  constructor(private readonly base: Map<string, V>) {}

  get(key: string): V | undefined {
    const change = this.changes.get(key);
    return change !== undefined || this.changes.has(key) ? change : this.base.get(key);
  }

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  set(key: string, value: V | undefined): void {
    this.changes.set(key, value);
  }

  /** Each changed key with its value before and after; undefined is absent. */
  forEachChanged(look: (key: string, before: V | undefined, after: V | undefined) => void): void {
    for (const [key, after] of this.changes) look(key, this.base.get(key), after);
  }

  apply(): void {
    for (const [key, value] of this.changes) {
      if (value === undefined) this.base.delete(key);
      else this.base.set(key, value);
    }
  }
}
