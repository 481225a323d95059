import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import {
  connectBus,
  contracts,
  drainBus,
  type NatsConnection,
  request,
  RequestFailed,
} from '@chat-relays/bus';
import { z } from 'zod';

const subject = `tea.process-${process.pid}`;
const pour = contracts('tea-house', {
  [subject]: { doc: '', request: z.object({ ms: z.number() }), reply: z.object({ poured: z.boolean() }) },
})[subject];

/** A service as built, in a process of its own; without a compiler, decorators are plain calls. */
const main = `
  const { Request, contracts } = require('@chat-relays/bus');
  const { FAILPOINT, baseVariables, loadConfig, runService } = require('@chat-relays/service');
  const { Controller, Inject, Module } = require('@nestjs/common');
  const { z } = require('zod');
  const subject = ${JSON.stringify(subject)};
  const contract = contracts('tea-house', { [subject]: { request: z.object({ ms: z.number() }), reply: z.object({ poured: z.boolean() }) } })[subject];
  class Tea {
    constructor(failpoint) { this.failpoint = failpoint; }
    async pour({ ms }) {
      await this.failpoint('tea.pour');
      await new Promise((done) => setTimeout(done, ms));
      return { poured: true };
    }
  }
  const method = Object.getOwnPropertyDescriptor(Tea.prototype, 'pour');
  Request(contract)(Tea.prototype, 'pour', method);
  Object.defineProperty(Tea.prototype, 'pour', method);
  Inject(FAILPOINT)(Tea, undefined, 0);
  Controller()(Tea);
  class TeaModule {}
  Module({ controllers: [Tea] })(TeaModule);
  const database = async () => {
    if (process.env.NO_TABLES) throw Object.assign(new Error('relation "cups" does not exist'), { code: '42P01' });
    return { query: async () => undefined, destroy: async () => undefined };
  };
  const config = loadConfig(z.object(baseVariables('tea-house')), process.env);
  runService({ name: 'tea-house', config, database, module: TeaModule });
`;

interface Run {
  child: ChildProcess;
  output: { stdout: string; stderr: string };
  ended: Promise<[number | null, NodeJS.Signals | null]>;
}

function start(env: NodeJS.ProcessEnv = {}): Run {
  const { NATS_URL, DATABASE_URL } = process.env;
  const child = spawn(process.execPath, ['-e', main], {
    cwd: resolve(__dirname, '..'),
    env: { NATS_URL, DATABASE_URL, ...env },
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()));
  return { child, output, ended: once(child, 'close') as Run['ended'] };
}

async function listening({ child, output }: Run): Promise<number> {
  while (!output.stdout.includes('"listening"')) {
    if (child.exitCode !== null) throw new Error(output.stderr);
    await new Promise((done) => setTimeout(done, 20));
  }
  const lines = output.stdout.trim().split('\n');
  const line = lines.map((text) => JSON.parse(text) as { msg: string; port: number });
  return line.find(({ msg }) => msg === 'listening')?.port ?? 0;
}

describe('the process of a service', () => {
  let client: NatsConnection;
  beforeAll(async () => {
    client = await connectBus({ servers: process.env.NATS_URL ?? '', name: 'guest', timeoutMs: 60_000 });
  });
  afterAll(() => drainBus(client));

  it('answers what is in hand when it is told to stop, and ends by itself', async () => {
    const run = start();
    expect(await listening(run)).toBeGreaterThan(0);
    const slow = request(client, pour, { ms: 400 });
    await client.flush();
    await new Promise((done) => setTimeout(done, 100));
    run.child.kill('SIGTERM');
    await expect(slow).resolves.toEqual({ poured: true });
    expect(await run.ended).toEqual([0, null]);
    expect(run.output.stderr).toBe('');
    await expect(request(client, pour, { ms: 0 })).rejects.toThrow(RequestFailed);
  });

  it('ends all the same when what is in hand takes too long', async () => {
    const run = start({ DRAIN_TIMEOUT_SECONDS: '0.2' });
    await listening(run);
    request(client, pour, { ms: 60_000 }).catch(() => undefined);
    await client.flush();
    await new Promise((done) => setTimeout(done, 100));
    run.child.kill('SIGTERM');
    expect(await run.ended).toEqual([1, null]);
    expect(run.output.stderr).toBe('tea-house did not stop within 0.2 s.\n');
  });

  it('dies where the fail point says, and says so', async () => {
    const run = start({ FAILPOINT: 'tea.pour:2' });
    await listening(run);
    await expect(request(client, pour, { ms: 0 })).resolves.toEqual({ poured: true });
    request(client, pour, { ms: 0 }, { timeoutMs: 100 }).catch(() => undefined);
    expect(await run.ended).toEqual([null, 'SIGKILL']);
    expect(run.output.stderr).toBe('FAILPOINT tea.pour:2 reached\n');
  });

  it.each([
    [78, { HTTP_PORT: 'eighty' }, /^HTTP_PORT is "eighty": not a number; expected the port .*\.\n$/],
    [
      1,
      { NATS_URL: 'nats://127.0.0.1:1', STARTUP_TIMEOUT_SECONDS: '1' },
      /^tea-house could not start: NATS at .* did not answer within 1 s: .*\.\n$/,
    ],
    [
      1,
      { NO_TABLES: '1' },
      /^tea-house could not start: relation "cups" does not exist; run its migration first.*\.\n$/,
    ],
  ])('ends with code %i and a sentence: %j', async (code, env, sentence) => {
    const run = start(env);
    expect(await run.ended).toEqual([code, null]);
    expect(run.output.stderr).toMatch(sentence);
    expect(run.output.stdout).not.toContain('listening');
  });
});
