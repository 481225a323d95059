/** For specs: the queue of a connection with whoever sends on it, and a store that tells what it commits. */
import { CHAIN_START, type ChainPosition, type Crypto, numberMessage } from '@chat-relays/smp';
import type { Noun, SagaRecord } from '@chat-relays/protocol';
import type { Changes, Store, Unit } from '../src/ports';
import type { IncomingMessage } from '../src/smp-port';
import { Ends } from './peers';
import { message, speaker } from './speaker';

export class Connection {
  readonly ends: Ends;
  private readonly sender;
  private last = CHAIN_START;

  constructor(crypto: Crypto, number: number, noun: Noun, purpose?: 'relay_address') {
    this.ends = new Ends(crypto, number, noun, purpose);
    this.sender = speaker(crypto, this.ends);
  }

  get queue() {
    return this.ends.receiving;
  }

  /** The next message. */
  says(body: Uint8Array): IncomingMessage {
    const incoming = this.sender.says(message(this.last, body), false);
    this.last = numberMessage(this.last, body).position;
    return incoming;
  }

  first(envelope: Uint8Array): IncomingMessage {
    return this.sender.says(envelope, true);
  }

  /** How far it has come. */
  get position(): ChainPosition {
    return this.last;
  }

  /** What is to be kept of what it said. */
  get received() {
    const { server, recipientId } = this.queue;
    return { server, recipientId, position: this.last, time: 17 };
  }
}

export function recordOf({ queue }: Connection, status: string): SagaRecord {
  const { noun, id, identity, protocol } = queue;
  return { noun, id, identity, protocol, status, attempt: 1, data: {} };
}

/**
 * The store, as a process sees it.
 * @param before every commit; what it throws is what the commit throws
 * @param tell what is committed, without what is empty
 */
export function telling(
  store: Store,
  before: () => Promise<void>,
  tell: (changes: Partial<Changes>) => void,
): Store {
  const commit = <T>(work: (unit: Unit) => Promise<T>) =>
    store.commit(async (unit) => {
      const saved: Partial<Changes>[] = [];
      const result = await work({
        load: (refs) => unit.load(refs),
        outstanding: (ids) => unit.outstanding(ids),
        relaysOf: (id) => unit.relaysOf(id),
        recentPosts: (id) => unit.recentPosts(id),
        save: async (changes) => void saved.push(changes),
      });
      await before();
      for (const changes of saved) {
        tell(Object.fromEntries(Object.entries(changes).filter(([, value]) => value.length > 0)));
        await unit.save(changes);
      }
      return result;
    });
  return new Proxy(store, {
    get: (target, key) => (key === 'commit' ? commit : (Reflect.get(target, key) as unknown)),
  });
}
