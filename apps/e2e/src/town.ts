import { connectBus, drainBus, type NatsConnection } from '@chat-relays/bus';
import type { ProtocolName } from '@chat-relays/protocol';
import {
  Channel,
  defaultTopology,
  Fleet,
  migrateApp,
  OtlpSink,
  startLocalStack,
  type LocalStack,
} from '@chat-relays/tools';

export const RELAYS = ['relay-1', 'relay-2', 'relay-3'];
export const MEMBERS = ['bob', 'cath', 'dan'];

/** Every service as a process of its own, on a PostgreSQL and a NATS of its own, with its spans collected. */
export class Town {
  private constructor(
    readonly stack: LocalStack,
    readonly fleet: Fleet,
    readonly sink: OtlpSink,
    readonly bus: NatsConnection,
  ) {}

  /**
   * @param settings variables of every service, beside those that all tests need
   * @param nats what nats-server is configured with
   */
  static async start(settings: Record<string, string> = {}, nats?: string): Promise<Town> {
    const stack = await startLocalStack({ temporary: true, nats });
    const sink = await OtlpSink.start();
    const services = defaultTopology({ relays: RELAYS.length });
    // fast retries: what a test waits for is convergence, not the world's patience
    const env = { RETRY_INITIAL_MS: '100', RETRY_MAX_MS: '1000', ...settings };
    const fleet = await Fleet.start({ ...stack, services, otlp: sink.endpoint, migrate: migrateApp, env });
    return new Town(stack, fleet, sink, await connectBus({ servers: stack.natsUrl, name: 'e2e' }));
  }

  async stop(): Promise<void> {
    await drainBus(this.bus);
    await this.fleet.stop();
    await this.sink.stop();
    await this.stack.stop();
  }

  /** @param protocol the owners' own by default */
  channel(name: string, protocol?: ProtocolName, relays: readonly string[] = RELAYS): Promise<Channel> {
    return Channel.create(this.bus, { owner: 'alice', name, relays, protocol });
  }

  /** The service runs from now on with a failpoint that kills it; it may come to it before it is seen to be ready. */
  async arm(service: string, failpoint: string): Promise<void> {
    try {
      await this.fleet.restart(service, { FAILPOINT: failpoint });
    } catch (error) {
      if (this.fleet.service(service).isRunning()) throw error;
    }
  }

  /** Waits until the armed failpoint killed the service, and starts it again without one. */
  async revive(service: string): Promise<void> {
    const { signal } = await this.fleet.service(service).ended();
    expect(signal).toBe('SIGKILL');
    await this.fleet.restart(service);
  }
}
