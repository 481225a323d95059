import type { IncomingMessage } from '@chat-relays/agent';
import type { Process, World } from './world';

/** Something that a machine may do now. */
export interface Possible {
  readonly process: Process;
  readonly what: 'execute' | 'receive' | 'deliver';
  readonly event: () => Promise<unknown>;
}

/** Everything that may happen next, users apart. */
export function* possibilities(world: World): Generator<Possible> {
  for (const process of world.processes) yield* ofProcess(world, process);
}

function* ofProcess(world: World, process: Process): Generator<Possible> {
  const { agent, store, deliveries, smp } = process;
  if ((store.nextDue() ?? Infinity) <= world.now)
    yield { process, what: 'execute', event: () => agent.executeDue(1) };
  const waiting = world.servers.onTheWay.get(smp.session) ?? [];
  if (waiting.length > 0) {
    yield {
      process,
      what: 'receive',
      event: async () => {
        const { random, faults } = world;
        const at = firstOfQueue(waiting, random.pick(waiting));
        const message = waiting[at];
        // a second copy, and a third one, comes before what is next in its queue
        if (!faults.duplicate()) waiting.splice(at, 1);
        await agent.receive([message]);
      },
    };
  }
  const [refused] = smp.refused;
  if (refused !== undefined) {
    yield {
      process,
      what: 'receive',
      event: async () => {
        smp.refused.shift();
        await agent.lost(refused.server, refused.recipientId, refused.error);
      },
    };
  }
  for (const group of deliveries.groupsWithWork(world.now)) {
    yield { process, what: 'deliver', event: () => agent.deliverStep(group) };
  }
}

/** Queues overtake each other, messages of one queue do not. */
function firstOfQueue(waiting: readonly IncomingMessage[], { server, recipientId }: IncomingMessage): number {
  return waiting.findIndex(
    (one) => one.server === server && Buffer.from(one.recipientId).equals(recipientId),
  );
}

/** Goes to the next moment at which something is due; false when nothing will ever be. */
export function letTimePass(world: World, awake: (process: Process) => boolean = () => true): boolean {
  const moments = world.processes
    .filter(awake)
    .flatMap(({ store, deliveries }) => [store.nextDue() ?? Infinity, deliveries.nextDue() ?? Infinity]);
  const next = Math.min(...moments);
  if (next === Infinity || next <= world.now) return false;
  world.now = next;
  return true;
}
