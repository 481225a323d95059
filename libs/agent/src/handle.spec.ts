import { MemoryStore } from '@chat-relays/simulation';
import type { ReceiveQueue } from './command';
import { Handler } from './handle';
import type { EventInput } from './input';
import type { Observation } from './observation';
import type { Host, Store, Unit } from './ports';
import { TemporaryError } from './smp-port';

const retry = { initialMs: 100, maxMs: 2_000 };

function address(name: string): EventInput {
  return {
    ref: { noun: 'relay_address', id: name },
    identity: name,
    protocol: 'full',
    event: { name: 'address.create', facts: { relayName: name } },
  };
}

function world(store: Store) {
  const observed: Observation[] = [];
  const slept: number[] = [];
  let asked = 0;
  const host: Host = {
    now: () => 0,
    sleep: async (ms) => {
      slept.push(ms);
    },
    random: (count) => new Uint8Array(count),
    queueKeys: () => ({ authKey: new Uint8Array(44), dhKey: new Uint8Array(44) }),
    observe: (observation) => observed.push(observation),
  };
  const subscribed: ReceiveQueue[] = [];
  const onQueues = (queues: readonly ReceiveQueue[]) => subscribed.push(...queues);
  const handler = new Handler({ store, host, retry, onQueues, onCommands: () => asked++ });
  return { handler, observed, slept, subscribed, asked: () => asked };
}

/** A store of which some commits fail; `commits` are the records that each one wrote. */
function failing(memory: MemoryStore, fails: (records: readonly string[]) => Error | undefined) {
  const commits: string[][] = [];
  const store = new Proxy<Store>(memory, {
    get: (target, key) => {
      if (key !== 'commit') return Reflect.get(target, key) as unknown;
      return <T>(work: (unit: Unit) => Promise<T>) =>
        memory.commit((unit) =>
          work({
            load: (refs) => unit.load(refs),
            outstanding: (ids) => unit.outstanding(ids),
            relaysOf: (id) => unit.relaysOf(id),
            save: async (changes) => {
              const records = changes.records.map(({ id }) => id);
              const error = fails(records);
              if (error) throw error;
              commits.push(records);
              await unit.save(changes);
            },
          }),
        );
    },
  });
  return { store, commits };
}

describe('the handler', () => {
  it('commits together what came together, and asks once', async () => {
    const { store, commits } = failing(new MemoryStore(), () => undefined);
    const { handler, asked } = world(store);
    await handler.handle([address('a'), address('b')]);
    expect(commits).toEqual([['a', 'b']]);
    expect(asked()).toBe(1);
  });

  it('takes what arrives during a commit together in the next', async () => {
    const { store, commits } = failing(new MemoryStore(), () => undefined);
    const { handler } = world(store);
    await Promise.all(['a', 'b', 'c'].map((name) => handler.handle([address(name)])));
    expect(commits).toEqual([['a'], ['b', 'c']]);
  });

  it('refuses a poisonous event alone; the others are committed', async () => {
    const memory = new MemoryStore();
    const poison = (records: readonly string[]) =>
      records.includes('b') ? new Error('not for me') : undefined;
    const { handler, observed } = world(failing(memory, poison).store);
    await expect(handler.handle([address('a'), address('b'), address('c')])).rejects.toThrow('not for me');
    expect([...memory.records.keys()]).toEqual(['relay_address:a', 'relay_address:c']);
    expect(observed.filter(({ what }) => what === 'decided')).toHaveLength(2);
    await handler.handle([address('d')]);
    expect(memory.records.has('relay_address:d')).toBe(true);
  });

  it('waits while the database is away, longer and longer, and goes on', async () => {
    let left = 4;
    const away = () => (left-- > 0 ? new TemporaryError('the database is away') : undefined);
    const { store, commits } = failing(new MemoryStore(), away);
    const { handler, slept, observed } = world(store);
    await handler.handle([address('a')]);
    expect(slept).toEqual([100, 150, 225, 338]);
    expect(commits).toEqual([['a']]);
    expect(observed.map(({ what }) => what)).toEqual(['waiting', 'waiting', 'waiting', 'waiting', 'decided']);
  });

  it('subscribes a queue although the answer to the commit that stored it was lost', async () => {
    const memory = new MemoryStore();
    const { handler, subscribed } = world(forgetful(memory, 2));
    await handler.handle([address('a')]);
    const [command] = await memory.lease({ lanes: 1, perLane: 1, now: 0, until: 1 });
    const queue: ReceiveQueue = {
      ...{ noun: 'relay_address', id: 'a', identity: 'a', protocol: 'full', purpose: 'relay_address' },
      server: 'smp',
      recipientId: new Uint8Array(24),
    };
    const event = { name: 'INV', of: '0', facts: { link: 'https://smp/r#a' } };
    await handler.handle([{ ...address('a'), event, command, queue }]);
    expect(await memory.queues()).toEqual([queue]);
    expect(subscribed).toEqual([queue]);
  });

  it('decides the events of one commit one after the other', async () => {
    const { store } = failing(new MemoryStore(), () => undefined);
    const { handler, observed } = world(store);
    await handler.handle([address('a'), address('a')]);
    expect(observed.map((one) => one.what === 'decided' && one.outcome)).toEqual(['moved', 'ignored']);
  });

  it('refuses a record that no table is for, and says which', async () => {
    const { handler } = world(new MemoryStore());
    const future = { ...address('a'), protocol: 'paired-2' };
    await expect(handler.handle([future])).rejects.toThrow(
      'protocol paired-2 has no table for relay_address',
    );
  });
});

/** A store that commits, and says of the n-th commit that it did not. */
function forgetful(memory: MemoryStore, n: number): Store {
  let commits = 0;
  return new Proxy<Store>(memory, {
    get: (target, key) => {
      if (key !== 'commit') return Reflect.get(target, key) as unknown;
      return async <T>(work: (unit: Unit) => Promise<T>) => {
        const result = await memory.commit(work);
        if (++commits === n) throw new TemporaryError('Connection terminated');
        return result;
      };
    },
  });
}
