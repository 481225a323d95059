import { encodeEnvelope } from '@chat-relays/wire';
import { decodeAgentEnvelope } from '@chat-relays/smp';
import { decodeBody } from '@chat-relays/wire';
import { command, MemoryStore, save } from '@chat-relays/simulation';
import type { Command } from './command';
import { Handler } from './handle';
import type { Road } from './link';
import type { Observation } from './observation';
import { defaultPump, Pump } from './pump';
import { backoff } from './retry';
import { type SmpRequest, TemporaryError } from './smp-port';

const retry = { initialMs: 100, maxMs: 2_000 };
const peer = { server: 'smp', senderId: 'AAAA' };
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

/** A pump whose server answers as it is told; `sent` are the elements of each SEND. */
function world(answer: (sends: number) => 'OK' | 'AUTH' | 'QUOTA' | 'away') {
  const store = new MemoryStore();
  const sent: number[] = [];
  const observed: Observation[] = [];
  const clock = { now: 1_000 };
  const host: Road['host'] = {
    now: () => clock.now,
    sleep: () => Promise.resolve(),
    random: (count) => new Uint8Array(count),
    queueKeys: () => ({ authKey: new Uint8Array(44), dhKey: new Uint8Array(44) }),
    observe: (observation) => observed.push(observation),
  };
  const smp: Road['smp'] = {
    request: async (_server, { command: asked }: SmpRequest) => {
      const envelope = asked.kind === 'SEND' ? decodeAgentEnvelope(asked.body) : undefined;
      if (envelope?.ok && envelope.value.kind === 'message')
        sent.push(decodeBody(envelope.value.body).length);
      const said = answer(sent.length);
      if (said === 'away') throw new TemporaryError('no answer');
      return said === 'OK' ? { kind: 'OK' } : { kind: 'ERR', error: said };
    },
    subscribe: () => Promise.resolve(),
    acknowledge: () => undefined,
  };
  const handler = new Handler({ store, host, retry, onQueues: () => undefined, onCommands: () => undefined });
  const pump = new Pump({ smp, store, host, server: 'smp' }, handler, retry, defaultPump);
  const results = () => observed.flatMap((one) => (one.what === 'executed' ? [one.result] : []));
  return { store, pump, sent, clock, results };
}

describe('backing off', () => {
  it('begins small, grows by half, and stops growing', () => {
    const intervals = [1, 2, 3, 4, 5, 6, 7, 8, 9, 50].map((tries) => backoff(tries, retry));
    expect(intervals).toEqual([100, 150, 225, 338, 506, 759, 1139, 1709, 2000, 2000]);
    expect(backoff(0, retry)).toBe(100);
  });
});

describe('the pump', () => {
  it('executes a lane in order until it has to wait, and other lanes go on', async () => {
    const { store, pump, results, clock } = world((sends) => (sends === 2 ? 'away' : 'OK'));
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
    const { store, pump, clock } = world(() => 'away');
    await save(store, { commands: [sending('a', 1)] });
    const waits: number[] = [];
    for (let tries = 0; tries < 4; tries++) {
      await pump.step();
      waits.push(store.nextDue()! - clock.now);
      clock.now = store.nextDue()!;
    }
    expect(waits).toEqual([100, 150, 225, 338]);
  });

  it('tries a full queue again, and takes a refusal for an answer', async () => {
    const { store, pump, results } = world((sends) => (sends === 1 ? 'QUOTA' : 'AUTH'));
    await save(store, { commands: [sending('a', 1), sending('b', 1)] });
    await pump.step();
    expect(results().sort()).toEqual(['permanent', 'temporary']);
    expect([...store.commands.keys()]).toEqual(['a/1']);
  });

  it('sends what waits for one peer as one message, in order, and nothing else with it', async () => {
    const { store, pump, sent } = world(() => 'OK');
    await save(store, {
      commands: [sending('a', 1), post('a', 2), post('a', 3), post('a', 4), sending('a', 5)],
    });
    await pump.step();
    expect(sent).toEqual([1, 3, 1]);
    expect(store.commands.size).toBe(0);
  });

  it('keeps the lease of what a dead process took', async () => {
    const { store, pump, clock } = world(() => 'OK');
    await save(store, { commands: [sending('a', 1)] });
    await store.lease({ lanes: 1, perLane: 1, now: clock.now, until: clock.now + 4_000 });
    expect(await pump.step()).toBe(0);
    clock.now += 4_000;
    expect(await pump.step()).toBe(1);
  });

  it('ends when it is stopped, having finished what it had in hand', async () => {
    const { store, pump } = world(() => 'OK');
    await save(store, { commands: [sending('a', 1)] });
    pump.start();
    await pump.stop();
    expect(store.commands.size).toBe(0);
  });
});
