import { command, MemoryStore, save, toyCrypto } from '@chat-relays/simulation';
import { CHAIN_START } from '@chat-relays/smp';
import { textId } from '@chat-relays/wire';
import { Ends, hostOf } from '../../test/peers';
import type { QueueId, ReceiveQueue } from '../commands/command';
import { Handler } from './handle';
import type { EventInput } from './input';
import type { Store, Unit } from '../ports';
import { TemporaryError } from '../smp-port';

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
  const { host, observed, slept } = hostOf(toyCrypto);
  let asked = 0;
  const subscribed: ReceiveQueue[] = [];
  const onQueues = (queues: readonly ReceiveQueue[]) => subscribed.push(...queues);
  const forgotten: QueueId[] = [];
  const onDeleted = (queues: readonly QueueId[]) => forgotten.push(...queues);
  const forwarding: string[] = [];
  const onJobs = (relayOwnIds: readonly string[]) => forwarding.push(...relayOwnIds);
  const onCommands = () => asked++;
  const handler = new Handler({ store, host, retry, onQueues, onDeleted, onJobs, onCommands });
  return { handler, observed, slept, subscribed, forgotten, forwarding, asked: () => asked };
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
            recentPosts: (id) => unit.recentPosts(id),
            save: async (changes) => {
              const records = changes.records!.map(({ id }) => id);
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
    let left = 8;
    const away = () => (left-- > 0 ? new TemporaryError('the database is away') : undefined);
    const { store, commits } = failing(new MemoryStore(), away);
    const { handler, slept, observed } = world(store);
    await handler.handle([address('a')]);
    expect(slept).toEqual([100, 100, 100, 100, 100, 150, 225, 338]);
    expect(commits).toEqual([['a']]);
    expect(observed.map(({ what }) => what)).toEqual([...Array<string>(8).fill('waiting'), 'decided']);
  });

  it('subscribes a queue although the answer to the commit that stored it was lost', async () => {
    const memory = new MemoryStore();
    const { handler, subscribed } = world(forgetful(memory, 2));
    await handler.handle([address('a')]);
    const [command] = await memory.lease({ lanes: 1, perLane: 1, now: 0, until: 1 });
    const queue: ReceiveQueue = {
      ...new Ends(toyCrypto, 1, 'relay_address', 'relay_address').receiving,
      ...{ id: 'a', identity: 'a' },
    };
    const event = { name: 'INV', of: '0', facts: { link: 'https://smp/r#a' } };
    await handler.handle([{ ...address('a'), event, command, queue }]);
    expect(await memory.queues()).toEqual([queue]);
    expect(subscribed).toEqual([queue]);
  });

  it('makes the keys for a peer in the commit that learns of it, and keeps those of one that is known', async () => {
    const memory = new MemoryStore();
    const { handler } = world(memory);
    const { server, senderId, dhKey } = new Ends(toyCrypto).sending;
    const peer = { server, senderId, dhKey };
    await handler.handle([{ ...address('a'), peer }]);
    const [made] = memory.sendQueues.values();
    expect(made).toEqual({ ...peer, seed: made.seed, sent: CHAIN_START });
    expect(made.seed).toHaveLength(32);
    expect(memory.records.get('relay_address:a')!.peer).toEqual({ server, senderId });
    await handler.handle([{ ...address('b'), peer }]);
    expect([...memory.sendQueues.values()]).toEqual([made]);
    const another = new Ends(toyCrypto, 2).sending;
    await handler.handle([{ ...address('c'), peer: another }]);
    const [, other] = memory.sendQueues.values();
    expect(other.seed).not.toEqual(made.seed);
    expect(other.seed).not.toEqual(another.seed);
  });

  it('keeps what a message told of its queue, whatever its event does', async () => {
    const memory = new MemoryStore();
    const queue = new Ends(toyCrypto).fresh;
    await save(memory, { queues: [queue] });
    const { handler, observed } = world(memory);
    const { server, recipientId } = queue;
    const received = (id: number) => ({
      ...{ server, recipientId, peerDhKey: Buffer.alloc(44, 7) },
      position: { id, hash: Buffer.alloc(32, id) },
    });
    await handler.handle([{ ...address('a'), received: received(1) }]);
    await handler.handle([{ ...address('a'), received: received(2) }]);
    expect(observed.map((one) => one.what === 'decided' && one.outcome)).toEqual(['moved', 'ignored']);
    const { position, peerDhKey } = received(2);
    expect(await memory.queues()).toEqual([{ ...queue, peerDhKey, received: position }]);
  });

  it('keeps how far sending has come with the reply that says so, and of a late reply nothing', async () => {
    const memory = new MemoryStore();
    const { handler, observed } = world(memory);
    const { sending } = new Ends(toyCrypto);
    await save(memory, { sendQueues: [sending], commands: [command('r', 1)] });
    const { server, senderId } = sending;
    const reply = (id: number): EventInput => ({
      ...address('a'),
      ref: { noun: 'group_relay', id: 'r' },
      event: { name: 'SENT', of: '9', facts: {} },
      command: command('r', 1),
      sent: { server, senderId, position: { id, hash: Buffer.alloc(32, id) } },
    });
    await handler.handle([reply(1)]);
    await handler.handle([reply(2)]);
    expect([...memory.sendQueues.values()]).toEqual([{ ...sending, sent: reply(1).sent!.position }]);
    expect(observed.map((one) => one.what === 'decided' && one.outcome)).toEqual(['ignored', 'stale']);
  });

  it('decides the events of one commit one after the other', async () => {
    const { store } = failing(new MemoryStore(), () => undefined);
    const { handler, observed } = world(store);
    await handler.handle([address('a'), address('a')]);
    expect(observed.map((one) => one.what === 'decided' && one.outcome)).toEqual(['moved', 'ignored']);
  });

  it('tells of queues that a reply deleted, also when the answer to the commit was lost', async () => {
    const memory = new MemoryStore();
    const queue = new Ends(toyCrypto, 1).receiving;
    await save(memory, { queues: [queue], commands: [command('r', 1)] });
    const { handler, forgotten } = world(forgetful(memory, 1));
    const { server, recipientId } = queue;
    const ref = { noun: 'group_relay', id: 'r' } as const;
    const event = { name: 'DELETED', of: '9', facts: {} };
    const deleted = [{ server, recipientId }];
    await handler.handle([{ ...address('a'), ref, event, command: command('r', 1), deleted }]);
    expect(forgotten).toEqual(deleted);
    expect(await memory.queues()).toEqual([]);
    await handler.handle([address('b')]);
    expect(forgotten).toEqual(deleted);
  });

  it('tells which groups got something to forward', async () => {
    const memory = new MemoryStore();
    const own = { noun: 'relay_own', id: 'tea/news' } as const;
    const data = { relayMemberId: textId(Buffer.from('tea')) };
    const of = { identity: 'tea', protocol: 'full' };
    await save(memory, { records: [{ ...own, ...of, status: 'Confirmed', attempt: 1, data }] });
    const { handler, forwarding } = world(memory);
    const event = { name: 'x.grp.mem.del', facts: { memberId: Buffer.from('tea') } };
    await handler.handle([address('a')]);
    expect(forwarding).toEqual([]);
    await handler.handle([{ ref: own, ...of, event }]);
    expect(forwarding).toEqual(['tea/news']);
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
