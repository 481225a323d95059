import { decodeBody, encodeEnvelope } from '@chat-relays/wire';
import { command, MemoryStore, save, toyCrypto } from '@chat-relays/simulation';
import { noDeliveries } from '../../test/link-server';
import { answering, Ends, hostOf, sealerOf, silent } from '../../test/peers';
import type { Command } from './command';
import { Handler } from '../handling/handle';
import type { Input } from '../handling/input';
import { privateKey } from '../sealing/keys';
import { defaultPump, Pump } from './pump';
import { backoff, defaultRetry } from './retry';
import { TemporaryError } from '../smp-port';

const retry = { initialMs: 100, maxMs: 2_000 };
/** The one queue that everything goes to; lanes of two records would have two, which is of no matter here. */
const ends = new Ends(toyCrypto);
const peer = { server: ends.sending.server, senderId: ends.sending.senderId };
const ok = encodeEnvelope({ message: { event: 'x.ok', params: {} } });

function sending(lane: string, number: number, more: Partial<Command> = {}): Command {
  return command(lane, number, { peer, body: ok, send: 'x.ok', step: '7', ...more });
}

function post(lane: string, number: number): Command {
  const content = { type: 'text', text: `${lane}${number}` } as const;
  const message = { event: 'x.msg.new', params: { content } } as const;
  const body = encodeEnvelope({ msgId: Buffer.from(`${lane}${number}`), message });
  return sending(lane, number, { send: 'x.msg.new', step: '16', body });
}

/** A pump whose server answers as it is told; `sent` are the elements of each SEND, `ids` its numbers. */
async function world(answer: (sends: number) => 'OK' | 'AUTH' | 'QUOTA' | 'away') {
  const store = new MemoryStore();
  await save(store, { sendQueues: [ends.sending] });
  const sent: number[] = [];
  const ids: number[] = [];
  const { smp, requests } = answering(({ command: asked }) => {
    if (asked.kind !== 'SEND') throw new Error(asked.kind);
    const { kind, body, received } = ends.read(asked.body);
    expect(kind).toBe('message');
    sent.push(decodeBody(body).length);
    ids.push(received!.position!.id);
    const said = answer(sent.length);
    if (said === 'away') throw new TemporaryError('no answer');
    return said === 'OK' ? { kind: 'OK' } : { kind: 'ERR', error: said };
  });
  const { host, observed, clock } = hostOf(toyCrypto);
  const handler = new Handler({ store, host, retry, ...silent });
  const pump = new Pump(
    { smp, store, deliveries: noDeliveries, host, sealer: sealerOf(host), server: 'smp', page: 9 },
    handler,
    retry,
    defaultPump,
  );
  const results = () => observed.flatMap((one) => (one.what === 'executed' ? [one.result] : []));
  const kept = () => [...store.sendQueues.values()].map(({ sent: { id } }) => id);
  return { store, pump, sent, ids, requests, clock, results, kept };
}

describe('backing off', () => {
  it('stays small for a while, grows by half, and stops growing', () => {
    const intervals = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 50].map((tries) => backoff(tries, retry));
    expect(intervals).toEqual([
      ...[100, 100, 100, 100, 100],
      ...[150, 225, 338, 506, 759, 1139, 1709, 2000, 2000],
    ]);
    expect(backoff(0, retry)).toBe(100);
  });

  it('grows as SMP agents wait for a server: from 2 s, after 10 s of it, to 2 min', () => {
    const intervals = [1, 5, 6, 7, 15, 16, 100].map((tries) => backoff(tries, defaultRetry));
    expect(intervals).toEqual([2_000, 2_000, 3_000, 4_500, 115_330, 120_000, 120_000]);
  });
});

describe('the pump', () => {
  it('executes a lane in order until it has to wait, and other lanes go on', async () => {
    const { store, pump, results, clock } = await world((sends) => (sends === 2 ? 'away' : 'OK'));
    await save(store, { commands: [sending('a', 1), sending('a', 2), sending('a', 3)] });
    await pump.step();
    expect(results()).toEqual(['ok', 'temporary']);
    await save(store, { commands: [sending('b', 1)] });
    expect(await pump.step()).toBe(1);
    expect([...store.commands.keys()]).toEqual(['a/2', 'a/3']);
    clock.now += 99;
    expect(await pump.step()).toBe(0);
    clock.now += 1;
    expect(await pump.step()).toBe(2);
    expect(store.commands.size).toBe(0);
  });

  it('waits longer after every try', async () => {
    const { store, pump, clock } = await world(() => 'away');
    await save(store, { commands: [sending('a', 1)] });
    const waits: number[] = [];
    for (let tries = 0; tries < 8; tries++) {
      await pump.step();
      waits.push(store.nextDue()! - clock.now);
      clock.now = store.nextDue()!;
    }
    expect(waits).toEqual([100, 100, 100, 100, 100, 150, 225, 338]);
  });

  it('tries a full queue again, and takes a refusal for an answer', async () => {
    const { store, pump, results } = await world((sends) => (sends === 1 ? 'QUOTA' : 'AUTH'));
    await save(store, { commands: [sending('a', 1), sending('b', 1)] });
    await pump.step();
    expect(results().sort()).toEqual(['permanent', 'temporary']);
    expect([...store.commands.keys()]).toEqual(['a/1']);
  });

  it('sends what waits for one peer as one message, in order, and nothing else with it', async () => {
    const { store, pump, sent } = await world(() => 'OK');
    await save(store, {
      commands: [sending('a', 1), post('a', 2), post('a', 3), post('a', 4), sending('a', 5)],
    });
    await pump.step();
    expect(sent).toEqual([1, 3, 1]);
    expect(store.commands.size).toBe(0);
  });

  it('does not wait ever longer for a full queue', async () => {
    const { store, pump, clock } = await world(() => 'QUOTA');
    await save(store, { commands: [sending('a', 1)] });
    const waits = new Set<number>();
    for (let tries = 0; tries < 20; tries++) {
      await pump.step();
      waits.add(store.nextDue()! - clock.now);
      clock.now = store.nextDue()!;
    }
    expect([...waits]).toEqual([retry.initialMs]);
  });

  it('numbers what it sends, and keeps how far it has come with every reply', async () => {
    const { store, pump, ids, kept } = await world(() => 'OK');
    await save(store, { commands: [sending('a', 1), post('a', 2), post('a', 3), sending('a', 4)] });
    await pump.step();
    expect({ ids, kept: kept() }).toEqual({ ids: [1, 2, 3], kept: [3] });
    await save(store, { commands: [sending('a', 5)] });
    await pump.step();
    expect({ ids, kept: kept() }).toEqual({ ids: [1, 2, 3, 4], kept: [4] });
  });

  it('numbers a message that nobody answered, or that was refused, once', async () => {
    const { store, pump, ids, kept, clock } = await world((sends) => {
      return sends === 1 ? 'away' : sends === 2 ? 'AUTH' : 'OK';
    });
    await save(store, { commands: [sending('a', 1), sending('a', 2)] });
    await pump.step();
    expect(kept()).toEqual([0]);
    clock.now += retry.initialMs;
    await pump.step();
    expect({ ids, kept: kept() }).toEqual({ ids: [1, 1, 1], kept: [1] });
  });

  it('goes on from the last message that was taken when one in between was refused', async () => {
    const { store, pump, ids, kept } = await world((sends) => (sends === 2 ? 'AUTH' : 'OK'));
    await save(store, { commands: [sending('a', 1), sending('a', 2), sending('a', 3)] });
    await pump.step();
    expect({ ids, kept: kept() }).toEqual({ ids: [1, 2, 2], kept: [2] });
  });

  it('authorizes every try with the key that the queue was secured with', async () => {
    const { store, pump, requests, clock } = await world((sends) => (sends === 1 ? 'away' : 'OK'));
    await save(store, { commands: [sending('a', 1)] });
    await pump.step();
    clock.now += retry.initialMs;
    await pump.step();
    const key = privateKey(toyCrypto, ends.sending.seed, 'sender');
    expect(requests.map((request) => request.key)).toEqual([key, key]);
  });

  it('keeps the lease of what a dead process took', async () => {
    const { store, pump, clock } = await world(() => 'OK');
    await save(store, { commands: [sending('a', 1)] });
    await store.lease({ lanes: 1, perLane: 1, now: clock.now, until: clock.now + 4_000 });
    expect(await pump.step()).toBe(0);
    clock.now += 4_000;
    expect(await pump.step()).toBe(1);
  });

  it('ends when it is stopped, having finished what it had in hand', async () => {
    const { store, pump } = await world(() => 'OK');
    await save(store, { commands: [sending('a', 1)] });
    pump.start();
    await pump.stop();
    expect(store.commands.size).toBe(0);
  });
});

describe('a link that nobody answers for', () => {
  it('is read no more when a deletion waits behind it, and its record hears of the deletion alone', async () => {
    const store = new MemoryStore();
    const link = 'https://smp.example.org/c#4pVnVdtcDUD5KW3ETScPGJCCZHOJCbQwRXMAjZXh1LI';
    const asks = (number: number, kind: Command['kind']) =>
      command('a', number, { kind, aim: { link }, send: undefined });
    await save(store, { commands: [asks(1, 'LGET'), asks(2, 'DEL'), asks(3, 'LGET')] });
    const { host, observed } = hostOf(toyCrypto);
    const { smp } = answering(() => {
      throw new TemporaryError('no answer');
    });
    const told: Input[] = [];
    const handler = { handle: async (inputs: readonly Input[]) => void told.push(...inputs) } as Handler;
    const road = {
      smp,
      store,
      deliveries: noDeliveries,
      host,
      sealer: sealerOf(host),
      server: 'smp',
      page: 9,
    };
    await new Pump(road, handler, retry, defaultPump).step();
    expect([...store.commands.keys()]).toEqual(['a/2', 'a/3']);
    expect(told).toMatchObject([{ event: { name: 'DELETED' } }]);
    const executed = observed.flatMap((one) => (one.what === 'executed' ? [[one.corrId, one.result]] : []));
    expect(executed).toEqual([
      ['a/1', 'permanent'],
      ['a/2', 'ok'],
      ['a/3', 'temporary'],
    ]);
  });
});

describe('an answer that no record can keep', () => {
  it.each(['OK', 'AUTH'] as const)(
    'is told to it as one that cannot be kept, and ends nothing: %s',
    async (said) => {
      const store = new MemoryStore();
      await save(store, { sendQueues: [ends.sending], commands: [sending('a', 1)] });
      const { host } = hostOf(toyCrypto);
      const { smp } = answering(() => (said === 'OK' ? { kind: 'OK' } : { kind: 'ERR', error: said }));
      const told: unknown[] = [];
      const handler = {
        handle: async ([input]: Parameters<Handler['handle']>[0]) => {
          const { event } = input as { event: { name: string; facts: unknown } };
          told.push(event);
          if (told.length === 1) throw new Error('unsupported Unicode escape sequence');
        },
      } as Handler;
      const road = {
        smp,
        store,
        deliveries: noDeliveries,
        host,
        sealer: sealerOf(host),
        server: 'smp',
        page: 9,
      };
      await new Pump(road, handler, retry, defaultPump).step();
      expect(told).toHaveLength(2);
      expect(told[1]).toMatchObject({ name: 'ERR', facts: { reason: 'the answer cannot be kept' } });
    },
  );
});
