import { Fleet, migrateApp, startLocalStack, type LocalStack } from '@chat-relays/tools';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { Stranger } from './stranger';

export const SERVER = 'smp-1';
/** Messages that a queue of this server holds. */
export const QUOTA = 4;

/** One SMP server as a process of its own, on a PostgreSQL and a NATS of its own. */
export class Station {
  private constructor(
    private readonly stack: LocalStack,
    readonly fleet: Fleet,
    readonly nats: NatsConnection,
  ) {}

  static async start(env: Record<string, string> = {}): Promise<Station> {
    const stack = await startLocalStack({ temporary: true });
    const server = {
      name: SERVER,
      app: 'smp-server' as const,
      env: { SMP_SERVER_NAME: SERVER, SMP_QUEUE_QUOTA: String(QUOTA), ...env },
    };
    const fleet = await Fleet.start({ ...stack, services: [server], migrate: migrateApp });
    return new Station(stack, fleet, await connect({ servers: stack.natsUrl, name: 'stranger' }));
  }

  /** A session of its own. */
  stranger(): Promise<Stranger> {
    return Stranger.open(this.nats, SERVER);
  }

  async strangers(count: number): Promise<Stranger[]> {
    return Promise.all(Array.from({ length: count }, () => this.stranger()));
  }

  async stop(): Promise<void> {
    await this.nats.close();
    await this.fleet.stop();
    await this.stack.stop();
  }
}
