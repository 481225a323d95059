import { dialogueOf, type Noun, refKey, type SagaRecord, unlinked, waiting } from '@chat-relays/protocol';
import type { Course } from '../users/course';
import { GroupRest } from './group-rest';
import type { Scenario } from '../runs/scenario';
import type { World } from '../world';

/** What has to be true when the faults are over and nothing more happens (design.md 8: invariants 5 and 6). */
export class Rest {
  /** something was answered with a wrong no: records may be broken, and peers silent */
  private readonly wronged: boolean;

  constructor(
    private readonly world: World,
    private readonly course: Course,
    private readonly scenario: Scenario,
  ) {
    this.wronged = world.faults.refusedAt !== undefined || world.faults.stale;
  }

  check(): string[] {
    return [
      ...this.nothingIsOutstanding(),
      ...this.everyRecordEnds(),
      ...this.everyRelayIsThere(),
      ...this.course.groups.flatMap((group) => new GroupRest(this.world, group, this.wronged).check()),
      ...this.nobodyIsLeftBehind(),
      ...(this.wronged ? [] : this.noQueueIsForgotten()),
    ];
  }

  /** What is at the servers is what agents know of. */
  private noQueueIsForgotten(): string[] {
    const known = new Set(
      this.world.processes.flatMap(({ store }) =>
        [...store.receiveQueues.values()].map(({ server, recipientId }) => queueKey(server, recipientId)),
      ),
    );
    return this.world.servers.names.flatMap((server) =>
      this.world.servers
        .core(server)
        .snapshot()
        .queues.filter(({ recipientId }) => !known.has(queueKey(server, recipientId)))
        .map(({ mode }) => `${server} has a queue (${mode}) that nobody knows`),
    );
  }

  /** A relay has members of the life that it is in, and none, nor a message, when its link is gone. */
  private nobodyIsLeftBehind(): string[] {
    return this.world.processes.flatMap(({ name, store, deliveries }) => {
      const ofNoun = (noun: Noun): SagaRecord[] =>
        [...store.records.values()].filter((record) => record.noun === noun);
      const relays = new Map(ofNoun('relay_own').map((record) => [record.id, record]));
      const isThere = (relayOwnId: unknown, life?: unknown): boolean => {
        const relay = relays.get(String(relayOwnId));
        return relay !== undefined && !isUnlinked(relay) && relay.data['life'] === life;
      };
      const members = memberNouns.flatMap(ofNoun);
      return [
        ...members
          .filter(({ data }) => !isThere(data['relayOwnId'], data['life']))
          .map((member) => `${name} has ${refKey(member)} of before it was removed`),
        ...[...store.receiveQueues.values()]
          .filter((queue) => !store.records.has(refKey(queue)))
          .map((queue) => `${name} has a queue of ${refKey(queue)}, which is no more`),
        ...deliveries.jobs
          .filter(({ relayOwnId }) => isUnlinked(relays.get(relayOwnId)))
          .map(({ id }) => `${name} keeps message ${id} of a group that it left`),
      ];
    });
  }

  private nothingIsOutstanding(): string[] {
    return this.world.processes.flatMap(({ name, store }) =>
      [...store.commands.keys()].map((id) => `${name} still has ${id} to do`),
    );
  }

  /** Where nobody was wronged nobody is silent, so every saga ends, and ends well. */
  private everyRecordEnds(): string[] {
    return this.world.processes.flatMap(({ store }) =>
      [...store.records.values()].flatMap((record) => {
        const { ends, ...dialogue } = dialogueOf(record.protocol, record.noun);
        if (record.status === 'Broken' && !this.wronged)
          return [`${refKey(record)} is broken: ${String(record.data['reason'])}`];
        if (record.status === 'Gone' && !this.wronged) return [`${refKey(record)} is gone`];
        if (ends.includes(record.status)) return [];
        if (!waiting({ ends, ...dialogue }).includes(record.status))
          return [`${refKey(record)} is stuck in ${record.status}`];
        return this.wronged
          ? []
          : [`${refKey(record)} waits for a peer that was not silent: ${record.status}`];
      }),
    );
  }

  private everyRelayIsThere(): string[] {
    return Array.from({ length: this.scenario.relays }, (_, n) => `relay-${n + 1}`)
      .filter(
        (relay) => this.world.process(relay).store.records.get(`relay_address:${relay}`)?.status !== 'Ready',
      )
      .map((relay) => `${relay} has no address`);
  }
}

const memberNouns: readonly Noun[] = ['group_member', 'priority_connection'];

function isUnlinked(relay: SagaRecord | undefined): boolean {
  return (unlinked as readonly (string | undefined)[]).includes(relay?.status);
}

function queueKey(server: string, recipientId: Uint8Array): string {
  return `${server} ${Buffer.from(recipientId).toString('hex')}`;
}
