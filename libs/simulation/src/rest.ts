import {
  connectionsOf,
  dialogueOf,
  groupRelayId,
  memberConnectionId,
  receiving,
  refKey,
  relayOwnId,
  type SagaRecord,
  serves,
  servesOwner,
  waiting,
} from '@chat-relays/protocol';
import type { Course, Scenario } from './course';
import { GROUP } from './names';
import type { World } from './world';

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
      ...this.everyWishIsFulfilled(),
      ...this.everyMessageArrivedOnce(),
      ...(this.wronged ? [] : [...this.everybodyServesAtLast(), ...this.noQueueIsForgotten()]),
    ];
  }

  /** Whatever people changed their minds about, the owner wants all relays in the end, and every member has them all. */
  private everybodyServesAtLast(): string[] {
    const group = this.one('group', GROUP);
    if (!group) return [];
    const wrong: string[] = [];
    for (const owners of this.all('group_relay')) {
      if (!servesOwner(owners.status)) wrong.push(`${owners.id} is ${owners.status} in the end`);
      const relay = this.one('relay_own', relayOwnId(String(owners.data['relayName']), this.linkOf(group)));
      if (!relay || !serves(relay))
        wrong.push(`${owners.id} does not serve: ${relay?.status ?? 'no record'}`);
    }
    for (const { id } of this.all('membership')) {
      for (const { data } of this.all('group_relay')) {
        for (const purpose of connectionsOf(group.protocol)) {
          const connection = this.one(
            'member_connection',
            memberConnectionId(id, String(data['relayLink']), purpose),
          );
          const ended =
            connection && dialogueOf(connection.protocol, connection.noun).ends.indexOf(connection.status);
          if (ended !== 0) wrong.push(`${id} has no ${purpose} connection with ${String(data['relayName'])}`);
        }
      }
    }
    return wrong;
  }

  private linkOf({ data }: SagaRecord): string {
    return String(data['groupLink']);
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

  /** All relays chosen, all members in, as far as the group and the relays were left whole. */
  private everyWishIsFulfilled(): string[] {
    const group = this.one('group', GROUP);
    if (group?.status === 'Broken') return [];
    const wrong = this.course.unfulfilled.map((what) => `nobody could ${what}`);
    const relays = Array.from({ length: this.scenario.relays }, (_, n) => `relay-${n + 1}`);
    for (const relay of relays) {
      if (!this.one('group_relay', groupRelayId(GROUP, relay)))
        wrong.push(`${relay} was chosen and never added`);
      const address = this.one('relay_address', relay);
      if (address?.status !== 'Ready') wrong.push(`${relay} has no address`);
    }
    const serving = this.all('relay_own').filter(serves);
    const members = this.all('membership').filter(({ status }) => status === 'Joined');
    for (const membership of members) {
      for (const relay of serving) {
        const link = String(relay.data['relayLink']);
        if (!(membership.data['relayLinks'] as string[]).includes(link)) continue;
        if (this.one('member_connection', `${membership.id} ${link}`)?.status !== 'Connected')
          wrong.push(`${membership.id} is not connected to ${relay.identity}, which serves`);
      }
    }
    if (serving.length > 0 && members.length < this.scenario.members)
      wrong.push(`${members.length} of ${this.scenario.members} members are in`);
    return wrong;
  }

  /** A member that some serving relay forwards to has everything, once and in order. */
  private everyMessageArrivedOnce(): string[] {
    const { sent } = this.course;
    const got = new Map<string, string[]>();
    for (const { messages } of this.world.processes) {
      for (const { membershipId, messageId } of messages.kept.values()) {
        got.set(membershipId, [...(got.get(membershipId) ?? []), messageId]);
      }
    }
    const meddled = (this.scenario.meddling ?? 0) > 0;
    if (!this.wronged && !meddled && sent.length !== this.scenario.messages)
      return [`${sent.length} of ${this.scenario.messages} messages were sent`];
    // a relay that was refused one message of the owner does not have it, and the others come before it
    const whole = !this.world.faults.refusedAt?.startsWith('owner.16');
    return this.all('membership').flatMap((membership) => {
      const messages = got.get(membership.id) ?? [];
      if (messages.some((id) => !sent.includes(id)) || new Set(messages).size < messages.length)
        return [`${membership.id} has messages that nobody sent, or some twice`];
      // who comes later gets what was before, perhaps after what is now
      const order = (ids: readonly string[]): string => (meddled ? [...ids].sort() : ids).join();
      if (!whole || !this.isReached(membership) || order(messages) === order(sent)) return [];
      return [`${membership.id} has ${messages.length} messages of ${sent.length}, or in another order`];
    });
  }

  private isReached({ data }: SagaRecord): boolean {
    return this.all('group_member').some((member) => {
      const relay = this.one('relay_own', String(member.data['relayOwnId']));
      const owners = relay && this.one('group_relay', groupRelayId(GROUP, relay.identity));
      return (
        member.data['memberId'] === data['memberId'] &&
        (receiving as readonly string[]).includes(member.status) &&
        relay !== undefined &&
        serves(relay) &&
        owners !== undefined &&
        servesOwner(owners.status)
      );
    });
  }

  private all(noun: SagaRecord['noun']): SagaRecord[] {
    return this.world.processes.flatMap(({ store }) =>
      [...store.records.values()].filter((record) => record.noun === noun),
    );
  }

  private one(noun: SagaRecord['noun'], id: string): SagaRecord | undefined {
    for (const { store } of this.world.processes) {
      const found = store.records.get(refKey({ noun, id }));
      if (found) return found;
    }
    return undefined;
  }
}

function queueKey(server: string, recipientId: Uint8Array): string {
  return `${server} ${Buffer.from(recipientId).toString('hex')}`;
}
