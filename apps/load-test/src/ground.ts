import { connectBus, type NatsConnection, relayRequests, request, RequestFailed } from '@chat-relays/bus';
import {
  defaultDataFolder,
  defaultTopology,
  Fleet,
  migrateApp,
  runningNote,
  SetupError,
  startLocalStack,
  toolsConfig,
} from '@chat-relays/tools';

import type { Plan } from './plan';

/** The services that are loaded. */
export interface Ground {
  readonly bus: NatsConnection;
  readonly words: string;
  /** names of relays */
  readonly relays: readonly string[];
  /** the process below which all of them are, where it is known */
  readonly root?: number;
}

/** What has to be undone, filled while it is done, so that an interrupt finds all of it. */
export class Undoing {
  private readonly steps: (() => Promise<void>)[] = [];
  private running: Promise<void> | undefined;

  later(step: () => Promise<void>): void {
    this.steps.push(step);
  }

  /** Once, the last first; the others are undone although one fails. */
  run(): Promise<void> {
    return (this.running ??= this.undo());
  }

  private async undo(): Promise<void> {
    for (let step = this.steps.pop(); step; step = this.steps.pop()) {
      await step().catch((error: unknown) => console.error(error));
    }
  }
}

/** A stack and a fleet of its own, in a folder that is removed at the end. */
export async function ownGround({ relays, padded }: Plan, undoing: Undoing): Promise<Ground> {
  const stack = await startLocalStack({ temporary: true });
  undoing.later(() => stack.stop());
  const services = defaultTopology({ relays });
  const padding = padded ? 'on' : 'off';
  // joins that find a relay's queue full come again soon
  const env = { SMP_PADDING: padding, MESSAGE_PADDING: padding, RETRY_INITIAL_MS: '500' };
  const fleet = await Fleet.start({ ...stack, services, migrate: migrateApp, env });
  undoing.later(() => fleet.stop());
  return {
    bus: await connected(stack.natsUrl, undoing),
    words: `${services.length} services, PostgreSQL and NATS of its own in ${stack.folder}; ${padded ? 'padded' : 'not padded'}`,
    relays: relayNames(relays),
    root: process.pid,
  };
}

/** What `npm start -- --keep` runs, or what listens at NATS_URL. */
export async function runningGround({ relays: relayCount }: Plan, undoing: Undoing): Promise<Ground> {
  const note = runningNote(defaultDataFolder());
  const natsUrl = toolsConfig().natsUrl ?? note?.natsUrl;
  if (!natsUrl)
    throw new SetupError('Nothing is running: leave out --running, or first run "npm start -- --keep".');
  const bus = await connected(natsUrl, undoing);
  const relays = relayNames(relayCount);
  for (const relay of relays) await ensureRelay(bus, relay);
  const root = note?.natsUrl === natsUrl ? note.holder.pid : undefined;
  return { bus, words: `the services that run at ${natsUrl}`, relays, root };
}

async function connected(natsUrl: string, undoing: Undoing): Promise<NatsConnection> {
  const bus = await connectBus({ servers: natsUrl, name: 'load-test', timeoutMs: 60_000 });
  undoing.later(() => bus.close());
  return bus;
}

async function ensureRelay(bus: NatsConnection, relay: string): Promise<void> {
  try {
    await request(bus, relayRequests['relay.*.address.get'], {}, { scope: relay });
  } catch (error) {
    if (error instanceof RequestFailed && error.code === 'unreachable')
      throw new SetupError(`There is no relay "${relay}" in what is running: give less --relays.`);
    throw error;
  }
}

function relayNames(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `relay-${index + 1}`);
}
