import { contactLinkKeys, decodeContactLinkData, formatShortLink, parseShortLink } from '@chat-relays/smp';
import {
  acceptsMembers,
  dialogueOf,
  listedRelayLinks,
  refKey,
  type SagaRecord,
  waiting,
} from '@chat-relays/protocol';
import type { World } from './world';

/** The invariants of design.md 8; each answers what is wrong, in words. */
export class Invariants {
  private readonly statuses = new Map<string, string>();

  constructor(private readonly world: World) {}

  /** After every event. */
  check(): string[] {
    return [
      ...this.listedRelaysAreAccepted(),
      ...this.membersComeAfterConfirmation(),
      ...this.oneLinkPerGroupAndRelay(),
      ...this.statusesMoveAlongRows(),
    ];
  }

  /** When the faults are over and nothing more happens. */
  atRest(sent: readonly string[], members: number): string[] {
    return [
      ...this.nothingIsOutstanding(),
      ...this.recordsAreTerminalOrWaiting(),
      ...this.everyMessageArrivedOnce(sent, members),
    ];
  }

  private records(noun: SagaRecord['noun']): SagaRecord[] {
    return this.world.processes.flatMap(({ store }) =>
      [...store.records.values()].filter((record) => record.noun === noun),
    );
  }

  /** (1) */
  private listedRelaysAreAccepted(): string[] {
    const relays = this.records('group_relay');
    const accepted = new Set(listedRelayLinks(relays as never));
    return this.records('group').flatMap(({ data }) => {
      const link = parseShortLink(String(data['groupLink'] ?? ''));
      if (!link.ok || link.value.kind !== 'contact') return [];
      const { linkId } = contactLinkKeys(link.value.linkKey);
      const stored = this.world.servers
        .core('smp-owner')
        .snapshot()
        .queues.find((queue) => queue.link && Buffer.from(queue.link.linkId).equals(linkId));
      const user = stored?.link && decodeContactLinkData(stored.link.userData);
      if (!user?.ok) return [`the group link has no readable data`];
      return user.value.relays
        .map(formatShortLink)
        .filter((relayLink) => !accepted.has(relayLink))
        .map((relayLink) => `the group link lists ${relayLink}, which no accepted relay gave`);
    });
  }

  /** (2) */
  private membersComeAfterConfirmation(): string[] {
    const relays = new Map(this.records('relay_own').map((record) => [record.id, record]));
    return this.records('group_member')
      .filter(({ data }) => !acceptsMembers(relays.get(String(data['relayOwnId']))?.status))
      .map(({ id }) => `member ${id} was accepted by a relay that may not accept`);
  }

  /** (3) */
  private oneLinkPerGroupAndRelay(): string[] {
    const { queues } = this.world.servers.core('smp-relays').snapshot();
    const links = queues.filter(({ mode }) => mode === 'C').length;
    const expected = this.records('relay_own').length + this.records('relay_address').length;
    return links > expected ? [`${links} relay links and addresses for ${expected} records`] : [];
  }

  /** (4) */
  private statusesMoveAlongRows(): string[] {
    const wrong: string[] = [];
    for (const { store } of this.world.processes) {
      for (const [key, { noun, protocol, status }] of store.records) {
        const before = this.statuses.get(key) ?? '-';
        this.statuses.set(key, status);
        if (before === status) continue;
        const rows = dialogueOf(protocol, noun).rows;
        const step = rows.some(({ from, to }) => from.includes(before) && to === status);
        // one event may be followed by another of the same commit
        const steps = rows.some(
          ({ from, to }) =>
            from.includes(before) && rows.some((next) => next.from.includes(to) && next.to === status),
        );
        if (!step && !steps) wrong.push(`${key} went from ${before} to ${status}, which is no row`);
      }
    }
    return wrong;
  }

  /** (5) */
  private nothingIsOutstanding(): string[] {
    return this.world.processes.flatMap(({ name, store }) =>
      [...store.commands.keys()].map((id) => `${name} still has ${id} to do`),
    );
  }

  /** (5) and liveness: nobody is silent in these runs, so every saga ends. */
  private recordsAreTerminalOrWaiting(): string[] {
    return this.world.processes.flatMap(({ store }) =>
      [...store.records.values()].flatMap((record) => {
        const dialogue = dialogueOf(record.protocol, record.noun);
        if (record.status === 'Broken')
          return [`${refKey(record)} is broken: ${String(record.data['reason'])}`];
        if (dialogue.ends.includes(record.status)) return [];
        const state = waiting(dialogue).includes(record.status)
          ? 'waits for a peer that was not silent'
          : 'is stuck';
        return [`${refKey(record)} ${state} in ${record.status}`];
      }),
    );
  }

  /** (6) */
  private everyMessageArrivedOnce(sent: readonly string[], members: number): string[] {
    const byMember = new Map<string, string[]>();
    for (const { messages } of this.world.processes) {
      for (const { membershipId, messageId } of messages.kept.values()) {
        byMember.set(membershipId, [...(byMember.get(membershipId) ?? []), messageId]);
      }
    }
    const wrong =
      byMember.size === members || sent.length === 0
        ? []
        : [`${byMember.size} of ${members} members got messages`];
    for (const [member, got] of byMember) {
      if (got.join() !== sent.join())
        wrong.push(`${member} has ${got.length} messages of ${sent.length}, or in another order`);
    }
    return wrong;
  }
}
