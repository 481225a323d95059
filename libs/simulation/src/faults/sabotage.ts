import { type Changes, noChanges, type Store } from '@chat-relays/agent';
import type { WorldOptions } from '../world';

export type Sabotage = NonNullable<WorldOptions['sabotage']>;

/** The port with some of its methods replaced. */
export function overlaid<P extends object>(port: P, methods: Partial<P>): P {
  return new Proxy(port, {
    get: (target, key) => Reflect.get(key in methods ? methods : target, key) as unknown,
  });
}

export function withStore(change: (store: Store) => Partial<Store>): Sabotage {
  return (ports) => ({ ...ports, store: overlaid(ports.store, change(ports.store)) });
}

/** Rewrites what every commit saves. */
export function saving(change: (changes: Changes) => Changes): Sabotage {
  return withStore((store) => ({
    commit: (work) =>
      store.commit((unit) =>
        work(overlaid(unit, { save: (changes) => unit.save(change({ ...noChanges, ...changes })) })),
      ),
  }));
}
