import 'reflect-metadata';
import { Controller, type INestMicroservice, Logger, Module } from '@nestjs/common';
import { EventPattern, MessagePattern } from '@nestjs/microservices';
import { NestFactory } from '@nestjs/core';
import { headers, type NatsConnection } from '@nats-io/transport-node';
import { z } from 'zod';
import { connectBus, drainBus } from './connection';
import { contracts } from './contract';
import { RequestRefused } from './refusal';
import { request, RequestFailed } from './request';
import { Request } from './request-handler';
import { NatsStrategy } from './strategy';

const table = contracts('tea-house', {
  'tea.*.brew': {
    doc: 'Brews tea.',
    request: z.strictObject({ cups: z.int('cups is a whole number').max(9), ms: z.number().default(0) }),
    reply: z.object({ brewed: z.number() }),
  },
  'tea.*.break': { doc: 'Fails.', request: z.object({}), reply: z.object({}) },
});
const brew = table['tea.*.brew'];
const fail = table['tea.*.break'];
const heard: unknown[] = [];

@Controller()
class TeaController {
  @Request(brew)
  async brew({ cups, ms }: { cups: number; ms: number }) {
    if (cups === 0) throw new RequestRefused('no_cups', 'tea needs a cup');
    if (cups < 0) return { brewed: 'nothing' } as unknown as { brewed: number };
    await new Promise((resolve) => setTimeout(resolve, ms));
    return { brewed: cups };
  }

  @Request(fail)
  fail(): never {
    throw new Error('the kettle is broken');
  }

  @MessagePattern('tea.*.raw')
  raw(data: unknown): unknown {
    return data === 'bad' ? { cyclic: BigInt(1) } : undefined;
  }

  @EventPattern('tea.*.spilt')
  spilt(data: unknown): void {
    heard.push(data);
    if (data === 'all') throw new Error('wet');
  }
}

@Module({ controllers: [TeaController] })
class TeaModule {}

const servers = process.env.NATS_URL ?? '';
const scope = `house-${process.pid}`;
const maxDepth = 32;
let service: NatsConnection;
let client: NatsConnection;
let strategy: NatsStrategy;
let app: INestMicroservice;
const logged: unknown[] = [];

async function open(): Promise<void> {
  strategy = new NatsStrategy({
    connection: service,
    queue: 'tea',
    scope,
    maxDepth,
    maxBytes: 10_000,
    maxInFlight: 3,
  });
  app = await NestFactory.createMicroservice(TeaModule, { strategy, logger: false });
  await app.listen();
}

const ask = async (subject: string, payload: string | Uint8Array) =>
  (await client.request(subject, payload, { timeout: 60_000 })).json();
const count = (outcome: string) =>
  strategy.counters
    .list()
    .filter((entry) => entry.outcome === outcome)
    .reduce((sum, entry) => sum + entry.count, 0);

beforeAll(async () => {
  for (const level of ['warn', 'error'] as const)
    jest.spyOn(Logger.prototype, level).mockImplementation((...line: unknown[]) => void logged.push(line[0]));
  service = await connectBus({ servers, name: 'tea-house', timeoutMs: 60_000 });
  client = await connectBus({ servers, name: 'guest', timeoutMs: 60_000 });
  await open();
});

afterAll(async () => {
  await app.close();
  await drainBus(service);
  await drainBus(client);
});

describe('NatsStrategy', () => {
  it('answers a request of a contract', async () => {
    await expect(request(client, brew, { cups: 2 }, { scope })).resolves.toEqual({ brewed: 2 });
  });

  it('refuses what the schema does not accept, with issues', async () => {
    const refused = request(client, brew, { cups: 1.5, milk: true } as never, { scope });
    await expect(refused).rejects.toMatchObject({
      code: 'invalid',
      message: 'tea.*.brew: cups: cups is a whole number; Unrecognized key: "milk"',
      issues: [
        { path: 'cups', message: 'cups is a whole number' },
        { path: '', message: 'Unrecognized key: "milk"' },
      ],
    });
  });

  it("passes on a handler's refusal; hides and logs its error", async () => {
    const refused = request(client, brew, { cups: 0 }, { scope });
    await expect(refused).rejects.toEqual(new RequestFailed('no_cups', 'tea needs a cup'));
    const failed = request(client, fail, {}, { scope });
    await expect(failed).rejects.toMatchObject({
      code: 'internal',
      message: expect.stringContaining('its log says why'),
    });
    expect(logged).toContainEqual(
      expect.objectContaining({ subject: 'tea.*.break', err: new Error('the kettle is broken') }),
    );
    await expect(request(client, brew, { cups: -1 }, { scope })).rejects.toMatchObject({ code: 'internal' });
  });

  it('answers plain patterns, also when the reply is nothing or cannot be written', async () => {
    await expect(ask(`tea.${scope}.raw`, '"good"')).resolves.toEqual({});
    await expect(ask(`tea.${scope}.raw`, '"bad"')).resolves.toMatchObject({ error: { code: 'internal' } });
  });

  it('survives events that fail', async () => {
    client.publish(`tea.${scope}.spilt`, '"all"');
    client.publish(`tea.${scope}.spilt`, '"some"');
    await client.flush();
    await request(client, brew, { cups: 1 }, { scope });
    expect(heard).toEqual(['all', 'some']);
  });

  it.each([
    ['empty', new Uint8Array(0)],
    ['not_json', 'tea, please'],
    ['not_json', new Uint8Array([0x22, 0xff, 0xfe, 0x22])],
    ['not_json', '{"cups":1'],
    ['not_json', ']'.repeat(100)],
    ['too_large', JSON.stringify('x'.repeat(10_000))],
    ['too_deep', '['.repeat(maxDepth + 1)],
    ['too_deep', '{"a":'.repeat(9_999 / 5)],
    ['invalid', '"["'],
    ['invalid', 'null'],
    ['invalid', '{"__proto__":{"cups":1}}'],
    ['invalid', '['.repeat(maxDepth) + ']'.repeat(maxDepth)],
  ])('answers %s', async (code, payload) => {
    const before = count(code);
    await expect(ask(`tea.${scope}.brew`, payload)).resolves.toMatchObject({ error: { code } });
    expect(count(code)).toBe(before + 1);
  });

  it('logs rejected payloads without their content', async () => {
    logged.length = 0;
    await ask(`tea.${scope}.brew`, 'my secret');
    expect(logged).toEqual([{ msg: 'payload rejected', subject: 'tea.*.brew', size: 9, reason: 'not_json' }]);
  });

  it('survives thousands of random payloads on every subject, with and without a reply subject', async () => {
    const before = process.listenerCount('unhandledRejection');
    for (let i = 0; i < 2_000; i++) {
      const bytes = crypto.getRandomValues(new Uint8Array(Math.floor(Math.random() * 2_000)));
      const subject = ['brew', 'break', 'raw', 'spilt'][i % 4];
      const noise = headers();
      noise.append('traceparent', String.fromCharCode(33 + (i % 90)).repeat(i % 70));
      client.publish(`tea.${scope}.${subject}`, bytes, i % 2 ? { reply: 'nobody', headers: noise } : {});
    }
    await client.flush();
    await expect(request(client, brew, { cups: 3 }, { scope })).resolves.toEqual({ brewed: 3 });
    expect(process.listenerCount('unhandledRejection')).toBe(before);
  });

  it('refuses more than it may have in hand', async () => {
    const four = [1, 2, 3, 4].map((cups) => request(client, brew, { cups, ms: 100 }, { scope }));
    const results = await Promise.allSettled(four);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'rejected']);
    expect(results[3]).toMatchObject({ reason: { code: 'busy' } });
  });

  it('finishes what is in hand when it closes, and takes nothing more', async () => {
    const slow = request(client, brew, { cups: 4, ms: 200 }, { scope });
    await client.flush();
    while (strategy.inHand === 0) await new Promise((resolve) => setImmediate(resolve));
    await app.close();
    expect(strategy.inHand).toBe(0);
    await service.flush();
    await expect(slow).resolves.toEqual({ brewed: 4 });
    await expect(request(client, brew, { cups: 1 }, { scope })).rejects.toEqual(
      new RequestFailed('unreachable', `nobody answers tea.${scope}.brew: is tea-house ${scope} running?`),
    );
    await open();
  });
});

describe('request', () => {
  it('gives up in time', async () => {
    client.subscribe('silent', { callback: () => undefined });
    const silent = contracts('mute', {
      silent: { doc: '', request: z.object({}), reply: z.object({}) },
    }).silent;
    await expect(request(client, silent, {}, { timeoutMs: 100 })).rejects.toEqual(
      new RequestFailed('timeout', 'mute did not answer silent within 0.1 s'),
    );
  });

  it('refuses a reply that breaks the contract', async () => {
    client.subscribe('odd', { callback: (_, message) => void message.respond('{"size":"big"}') });
    client.subscribe('odder', { callback: (_, message) => void message.respond('big') });
    const reply = z.object({ size: z.number('a number is expected') });
    const odd = contracts('odd', {
      odd: { doc: '', request: z.object({}), reply },
      odder: { doc: '', request: z.object({}), reply },
    });
    await expect(request(client, odd.odd, {})).rejects.toMatchObject({
      code: 'bad_reply',
      message: 'odd answered odd with something else: size: a number is expected',
    });
    await expect(request(client, odd.odder, {})).rejects.toMatchObject({ code: 'bad_reply' });
  });

  it('says so when the request is too large to send', async () => {
    const big = { cups: 1, ms: 0, padding: 'x'.repeat(2_000_000) };
    await expect(request(client, brew, big as never, { scope })).rejects.toMatchObject({ code: 'not_sent' });
  });
});
