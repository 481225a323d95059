import type { Observation } from '@chat-relays/agent';
import { formatShortLink } from '@chat-relays/smp';
import {
  dialogueOf,
  listedRelayLinks,
  type Noun,
  type ProtocolName,
  refKey,
  type SagaRecord,
  serves,
} from '@chat-relays/protocol';
import { rowName } from '../faults/faults';
import type { Process, World } from '../world';

/** the server of owners, and of group links */
const OWNERS = 'smp-owner';

/**
 * What has to be true after every event (design.md 8: invariants 1 to 4). Nothing is checked again that cannot have
 * changed: records are looked at after commits, links after commands that change links.
 */
export class Invariants {
  private readonly statuses = new Map<string, string>();
  private readonly versions = new Map<Process, number>();
  /** by group link, as it is now */
  private listed = new Map<string, string[] | undefined>();
  /** members, by attempt */
  private readonly admitted = new Set<string>();
  private relayLinks = 0;
  private changes = -1;
  private readonly kinds = new Map<Process, ReadonlyMap<Noun, readonly SagaRecord[]>>();
  /** since the last check */
  private told: readonly Observation[] = [];
  private observed = 0;
  private readonly blocks = new Map<Process, number>();

  constructor(private readonly world: World) {}

  check(): string[] {
    this.told = this.world.observations.slice(this.observed);
    this.observed += this.told.length;
    const changed = this.world.processes.filter((process) => this.hasCommitted(process));
    const linksChanged = this.changes !== this.world.servers.changes;
    if (linksChanged) this.readLinks();
    return [
      ...changed.flatMap((process) => this.membersComeToWhoServes(process)),
      ...changed.flatMap((process) => this.statusesMoveAlongRows(process)),
      ...this.world.processes.flatMap((process) => this.blocksMoveAlongRows(process)),
      ...(linksChanged || changed.some(({ server }) => server === OWNERS)
        ? this.groupLinkAgreesWithRecords()
        : []),
      ...(linksChanged || changed.some(({ identity }) => identity !== undefined)
        ? this.oneLinkPerGroupAndRelay()
        : []),
      ...this.world.faults.strange,
    ];
  }

  private hasCommitted(process: Process): boolean {
    const known = this.versions.get(process);
    const { version, records } = process.store;
    if (known === version) return false;
    this.versions.set(process, version);
    const kinds = new Map<Noun, SagaRecord[]>();
    for (const record of records.values()) {
      if (!kinds.get(record.noun)?.push(record)) kinds.set(record.noun, [record]);
    }
    this.kinds.set(process, kinds);
    return true;
  }

  private readLinks(): void {
    const { servers } = this.world;
    this.changes = servers.changes;
    this.listed = new Map();
    this.relayLinks = 0;
    for (const { row } of servers.core('smp-relays').queues()) if (row.mode === 'C') this.relayLinks++;
  }

  private records(noun: Noun): SagaRecord[] {
    const found: SagaRecord[] = [];
    for (const kinds of this.kinds.values()) {
      const records = kinds.get(noun);
      if (records) found.push(...records);
    }
    return found;
  }

  /** (1) Who is listed was accepted, or is about to be taken off the list; and who was added is listed. */
  private groupLinkAgreesWithRecords(): string[] {
    const all = this.records('group_relay');
    return this.records('group').flatMap(({ id, data }) => {
      const relays = all.filter((relay) => relay.data['groupId'] === id);
      const accepted = new Set(listedRelayLinks(relays));
      const uri = data['groupLink'] as string | undefined;
      if (uri === undefined || !this.isMade(uri)) return [];
      const listed = this.relaysOf(uri);
      if (!listed) return ['the group link has no readable data'];
      // a server that will not have it written leaves it as it was
      const refused = this.world.faults.refusedAt?.startsWith('owner.') === true;
      const added = relays.filter(({ status }) => ['Added', 'Notified', 'Confirmed'].includes(status));
      return [
        ...listed
          .filter((link) => !refused && !accepted.has(link) && !this.isBeingWritten(String(data['groupId'])))
          .map((link) => `the group link lists ${link}, which no accepted relay gave`),
        ...added
          .filter((relay) => !listed.includes(String(relay.data['relayLink'])))
          .map(({ id, status }) => `${id} is ${status}, and the group link does not list it`),
      ];
    });
  }

  /** A link may be known before it is made. */
  private isMade(uri: string): boolean {
    for (const { server, store } of this.world.processes) {
      if (server !== OWNERS) continue;
      for (const { link } of store.receiveQueues.values()) if (link?.uri === uri) return true;
    }
    return false;
  }

  private isBeingWritten(groupId: string): boolean {
    return this.world.processes.some(({ store }) =>
      [...store.commands.values()].some(
        ({ command }) => command.kind === 'LSET' && command.lane === `link ${groupId}`,
      ),
    );
  }

  private relaysOf(groupLink: string): string[] | undefined {
    if (!this.listed.has(groupLink)) {
      const data = this.world.servers.linkData(OWNERS, groupLink);
      this.listed.set(
        groupLink,
        data?.user.relays.map((relay) => formatShortLink(relay)),
      );
    }
    return this.listed.get(groupLink);
  }

  /** (2) A member is let in by a relay that serves, at that moment. */
  private membersComeToWhoServes({ store }: Process): string[] {
    return [...store.records.values()]
      .filter(({ noun }) => noun === 'group_member' || noun === 'priority_connection')
      .filter((record) => this.begins(record))
      .filter(({ data }) => {
        const relay = store.records.get(refKey({ noun: 'relay_own', id: String(data['relayOwnId']) }));
        return !relay || !serves(relay);
      })
      .map(({ id }) => `member ${id} was let in by a relay that does not serve`);
  }

  private begins(record: SagaRecord): boolean {
    const attempt = `${refKey(record)}/${record.attempt}`;
    const begins = !this.admitted.has(attempt);
    this.admitted.add(attempt);
    return begins;
  }

  /** (3) */
  private oneLinkPerGroupAndRelay(): string[] {
    const made = [
      ...this.records('relay_own'),
      ...this.records('relay_address'),
      ...this.records('pool_link'),
    ];
    const expected = made.reduce((sum, { attempt }) => sum + attempt, 0);
    return this.relayLinks > expected
      ? [`${this.relayLinks} relay links and addresses for ${expected} attempts`]
      : [];
  }

  /** (4) One commit may have several events of a record. */
  private statusesMoveAlongRows({ store }: Process): string[] {
    const wrong: string[] = [];
    for (const [key, { noun, protocol, status }] of store.records) {
      const before = this.statuses.get(key) ?? '-';
      if (before === status) continue;
      this.statuses.set(key, status);
      const { rows } = dialogueOf(protocol, noun);
      const passed = this.passed(key);
      const path = [before, ...(passed.at(-1) === status ? passed : [status])];
      const isRow = (to: string, at: number): boolean =>
        rows.some((row) => row.from.includes(path[at]) && row.to === to);
      if (!path.slice(1).every(isRow)) wrong.push(`${key} went from ${before} to ${status}, which is no row`);
    }
    return wrong;
  }

  /** What was told since the last check of where this record came. */
  private passed(key: string): string[] {
    return this.told.flatMap((one) =>
      one.what === 'decided' && one.outcome === 'moved' && refKey(one.ref) === key ? [one.to!] : [],
    );
  }

  /** (4) for what the stores decide in blocks: delivery jobs and messages. */
  private blocksMoveAlongRows(process: Process): string[] {
    const { name, deliveries, messages } = process;
    const version = deliveries.version + messages.version;
    if (this.blocks.get(process) === version) return [];
    this.blocks.set(process, version);
    const wrong: string[] = [];
    for (const { id, cursor, status } of deliveries.jobs)
      wrong.push(...this.block('delivery_job', `${name} ${id}`, `${cursor}`, status));
    for (const key of messages.kept.keys())
      wrong.push(...this.block('message', `${name} ${key}`, '', 'Received'));
    return wrong;
  }

  private block(noun: Noun, id: string, progress: string, to: string): string[] {
    const key = `${noun} ${id}`;
    const before = this.statuses.get(key) ?? '-';
    if (before === `${to} ${progress}`) return [];
    this.statuses.set(key, `${to} ${progress}`);
    const [from] = before.split(' ');
    const { half, rows } = dialogueOf(this.world.protocol satisfies ProtocolName, noun);
    const row = rows.find((candidate) => candidate.from.includes(from) && candidate.to === to);
    if (!row) return [`${key} went from ${from} to ${to}, which is no row`];
    this.world.faults.fire(rowName({ half, step: row.step, event: row.on, from, to }));
    return [];
  }
}
