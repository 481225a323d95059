import { Controller, Inject, Injectable, Module, type OnModuleDestroy } from '@nestjs/common';
import { connectBus, contracts, drainBus, type NatsConnection, Request, request } from '@chat-relays/bus';
import { Counter, Registry } from 'prom-client';
import { z } from 'zod';
import { startService, type RunningService } from './bootstrap';
import { baseVariables, loadConfig } from './config';
import { BUS, CONFIG } from './service-module';

// A whole service, as small as one can be: its configuration, its requests, a controller, a module.
const configSchema = z.object({
  ...baseVariables('tea-house'),
  TEA: z.string().default('green').describe('which tea'),
});
type TeaConfig = z.infer<typeof configSchema>;

const { 'tea.brew': brew } = contracts('tea-house', {
  'tea.brew': {
    doc: 'Brews tea.',
    request: z.object({ ms: z.number() }),
    reply: z.object({ tea: z.string() }),
  },
});

@Injectable()
class Kettle implements OnModuleDestroy {
  readonly log: string[] = [];
  private readonly brewed: Counter;

  constructor(
    @Inject(BUS) readonly bus: NatsConnection,
    registry: Registry,
  ) {
    this.brewed = new Counter({ name: 'tea_brewed_total', help: 'Teas.', registers: [registry] });
  }

  async boil(ms: number): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, ms));
    this.brewed.inc();
    this.log.push('boiled');
  }

  onModuleDestroy(): void {
    this.log.push('off');
  }
}

@Controller()
class TeaController {
  constructor(
    @Inject(CONFIG) private readonly config: TeaConfig,
    private readonly kettle: Kettle,
  ) {}

  @Request(brew)
  async brew({ ms }: { ms: number }) {
    await this.kettle.boil(ms);
    return { tea: this.config.TEA };
  }
}

@Module({ controllers: [TeaController], providers: [Kettle] })
class TeaModule {}

const { DATABASE_URL, NATS_URL } = process.env;
const config = loadConfig(configSchema, { DATABASE_URL, NATS_URL, TEA: 'black', LOG_LEVEL: 'silent' });
const database = { down: false, closed: 0 };
let client: NatsConnection;
let service: RunningService;

const get = async (path: string) => {
  const response = await fetch(`http://127.0.0.1:${service.port}${path}`);
  return { code: response.status, text: await response.text() };
};

beforeAll(async () => {
  client = await connectBus({ servers: config.NATS_URL, name: 'guest', timeoutMs: 60_000 });
  service = await startService({
    name: 'tea-house',
    config,
    module: TeaModule,
    database: async () => ({
      query: async () => {
        if (database.down) throw new Error('the database is away');
      },
      destroy: async () => void database.closed++,
    }),
  });
});

afterAll(async () => {
  await service.stop();
  await drainBus(client);
});

describe('a service', () => {
  it('answers requests and says that it is well', async () => {
    await expect(request(client, brew, { ms: 0 })).resolves.toEqual({ tea: 'black' });
    expect(await get('/health/live')).toMatchObject({ code: 200 });
    expect(await get('/health/ready')).toMatchObject({ code: 200 });
  });

  it('counts requests, also those that could not be read', async () => {
    await client.request('tea.brew', 'tea!', { timeout: 60_000 });
    const { code, text } = await get('/metrics');
    expect(code).toBe(200);
    expect(text).toContain('chat_relays_requests_total{subject="tea.brew",outcome="not_json"} 1');
    expect(text).toContain('chat_relays_requests_in_hand 0');
    expect(text).toContain('tea_brewed_total 1');
    expect(text).toContain('process_cpu_seconds_total');
  });

  it('is not ready while its database is away, and alive all the same', async () => {
    database.down = true;
    const { code, text } = await get('/health/ready');
    expect(code).toBe(503);
    expect(JSON.parse(text)).toMatchObject({
      error: { postgresql: { status: 'down', message: 'the database is away' } },
      info: { nats: { status: 'up' } },
    });
    expect(await get('/health/live')).toMatchObject({ code: 200 });
    database.down = false;
  });

  it('answers what it has in hand before it stops, and is not ready meanwhile', async () => {
    const kettle = service.app.get(Kettle);
    kettle.log.length = 0;
    const slow = request(client, brew, { ms: 300 });
    await client.flush();
    while (!(await get('/metrics')).text.includes('in_hand 1')) await new Promise(setImmediate);
    const stopping = service.stop();
    const { code, text } = await get('/health/ready');
    expect([code, JSON.parse(text).error]).toEqual([
      503,
      { service: { status: 'down', message: 'stopping' } },
    ]);
    await expect(request(client, brew, { ms: 0 })).rejects.toMatchObject({ code: 'unreachable' });
    await stopping;
    await expect(slow).resolves.toEqual({ tea: 'black' });
    expect(kettle.log).toEqual(['boiled', 'off']);
    expect([database.closed, kettle.bus.isClosed()]).toEqual([1, true]);
    await expect(get('/health/live')).rejects.toThrow();
  });
});
