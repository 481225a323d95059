import {
  connectBus,
  drainBus,
  type NatsConnection,
  request,
  serverToken,
  smpServerRequests,
} from '@chat-relays/bus';
import {
  Channel,
  defaultTopology,
  Fleet,
  type LocalStack,
  migrateApp,
  OtlpSink,
  startLocalStack,
} from '@chat-relays/tools';
import { StatusLog } from './status-log';

export const OWNER = 'alice';
export const RELAYS = ['relay-1', 'relay-2', 'relay-3'];
const SMP_SERVERS = ['smp-owner', 'smp-relays', 'smp-members'];

/** Everything is on one machine: a record that waits so long waits for who is not there. */
const STUCK_AFTER_MS = 1_000;

/** A fleet of real processes with a database and a broker of its own, and what it tells. */
export class Stage {
  private constructor(
    private readonly stack: LocalStack,
    readonly fleet: Fleet,
    readonly sink: OtlpSink,
    readonly bus: NatsConnection,
    readonly log: StatusLog,
  ) {}

  /** @param onStack gets what stops the parts that are started before the rest */
  static async start(onStack: (stop: () => Promise<void>) => void): Promise<Stage> {
    const stack = await startLocalStack({ temporary: true });
    const sink = await OtlpSink.start();
    onStack(async () => {
      await sink.stop();
      await stack.stop();
    });
    const services = defaultTopology({ relays: RELAYS.length });
    const env = { STATUS_EVENTS: 'all', STUCK_AFTER_MS: String(STUCK_AFTER_MS) };
    const fleet = await Fleet.start({ ...stack, services, otlp: sink.endpoint, migrate: migrateApp, env });
    const bus = await connectBus({ servers: stack.natsUrl, name: 'compare' });
    const stage = new Stage(stack, fleet, sink, bus, await StatusLog.of(bus));
    // once, for the owner's list of relays, and so that nothing is the first of its kind
    const channel = await Channel.create(bus, { owner: OWNER, name: 'first', relays: RELAYS });
    await channel.relaysConfirmed();
    return stage;
  }

  /** Every command to every SMP server waits so long before it is executed. */
  async delay(ms: number): Promise<void> {
    const text = ms === 0 ? '' : `delay all ${ms}ms`;
    for (const server of SMP_SERVERS) {
      const contract = smpServerRequests['smp-server.*.faults.set'];
      await request(this.bus, contract, { text }, { scope: serverToken(server) });
    }
  }

  async stop(): Promise<void> {
    this.log.close();
    await drainBus(this.bus);
    await this.fleet.stop();
    await this.sink.stop();
    await this.stack.stop();
  }
}
