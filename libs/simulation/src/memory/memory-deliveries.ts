import {
  type Behind,
  type Deliveries,
  type DeliveryJob,
  type Former,
  HISTORY,
  type JobKey,
  type MemberAttempt,
  type NewDeliveryJob,
  type Recipient,
  sendQueueKey,
  type Sent,
} from '@chat-relays/agent';
import {
  type DeliveryJobStatus,
  messageKey,
  type Noun,
  parentOf,
  receiving,
  refKey,
  type SagaRecord,
} from '@chat-relays/protocol';
import type { MemoryStore } from './memory-store';

interface Job extends DeliveryJob {
  readonly key: string;
  readonly identity: string;
  cursor: number;
  status: DeliveryJobStatus;
}

/** A relay's delivery jobs in memory, over the member records and the peers' queues of a store. */
export class MemoryDeliveries implements Deliveries {
  jobs: Job[] = [];
  /** counts calls that may have changed jobs */
  version = 0;
  private lastId = 0;
  private readonly behind = new Map<string, Behind>();
  private readonly seqs = new Map<string, number>();

  constructor(
    private readonly store: () => Pick<
      MemoryStore,
      'records' | 'sendQueues' | 'receiveQueues' | 'commands' | 'keepSent'
    >,
  ) {}

  add(jobs: readonly NewDeliveryJob[], withdrawn: readonly JobKey[] = []): void {
    if (jobs.length > 0 || withdrawn.length > 0) this.version++;
    for (const { relayOwnId, author, messageId } of withdrawn) {
      const key = messageKey(relayOwnId, author, messageId);
      for (const job of this.jobs) if (job.key === key) job.status = 'Withdrawn';
    }
    for (const { relayOwnId, identity, author, messageId, element } of jobs) {
      const key = messageKey(relayOwnId, author, messageId);
      if (this.jobs.some((job) => job.key === key)) continue;
      this.jobs.push({ id: ++this.lastId, key, identity, relayOwnId, element, cursor: 0, status: 'Pending' });
    }
  }

  /** Who comes, or comes again, gets what was said before, and what is said until it is in. */
  welcome(members: readonly SagaRecord[]): void {
    for (const record of members) {
      const { id: memberId, attempt } = record;
      const [first] = this.jobs
        .filter((job) => job.status === 'Complete' && job.relayOwnId === parentOf(record))
        .slice(-HISTORY);
      this.behind.set(memberId, { memberId, attempt, jobId: first?.id ?? 0, retryAt: 0, tries: 0 });
    }
  }

  async pending(identity: string, now: number, latest = Infinity): Promise<string[]> {
    const waiting = this.jobs.filter((job) => job.status === 'Pending' && job.identity === identity);
    const due = this.receivers().filter(({ record, behind }) => {
      return record.identity === identity && behind !== undefined && isDue(behind, now, latest);
    });
    return [
      ...new Set([
        ...waiting.map(({ relayOwnId }) => relayOwnId),
        ...due.map(({ record }) => parentOf(record)!),
      ]),
    ];
  }

  async next(relayOwnId: string, limit: number): Promise<DeliveryJob[]> {
    const jobs = this.jobs
      .filter((job) => job.relayOwnId === relayOwnId && job.status === 'Pending')
      .slice(0, limit);
    const other = jobs.findIndex(({ cursor }) => cursor !== jobs[0].cursor);
    return jobs.slice(0, other < 0 ? jobs.length : other).map((job) => ({ ...job }));
  }

  async recipients(relayOwnId: string, after: number, limit: number): Promise<Recipient[]> {
    return this.receivers(relayOwnId)
      .filter(({ recipient, behind }) => recipient.seq > after && behind === undefined)
      .slice(0, limit)
      .map(({ recipient }) => recipient);
  }

  async advance(
    jobs: readonly DeliveryJob[],
    cursor: number | 'complete',
    behind: readonly Behind[],
    sent: readonly Sent[],
  ): Promise<void> {
    this.version++;
    this.store().keepSent(sent);
    await this.stillBehind(behind);
    for (const { id } of jobs) {
      const job = this.jobs.find((one) => one.id === id);
      if (!job || job.status === 'Withdrawn') continue;
      if (cursor === 'complete') job.status = 'Complete';
      else job.cursor = cursor;
    }
  }

  async due(
    relayOwnId: string,
    now: number,
    limit: number,
    latest = Infinity,
  ): Promise<(Recipient & Behind)[]> {
    return this.receivers(relayOwnId)
      .flatMap(({ recipient, behind }) =>
        behind && isDue(behind, now, latest) ? [{ ...recipient, ...behind }] : [],
      )
      .slice(0, limit);
  }

  async completed(relayOwnId: string, from: number, limit: number): Promise<DeliveryJob[]> {
    return this.jobs
      .filter((job) => job.relayOwnId === relayOwnId && job.status === 'Complete' && job.id >= from)
      .slice(0, limit);
  }

  async newest(relayOwnId: string, limit: number): Promise<DeliveryJob[]> {
    return this.jobs
      .filter((job) => job.relayOwnId === relayOwnId && job.status === 'Complete')
      .slice(-limit);
  }

  async caughtUp({ memberId, attempt }: MemberAttempt, upTo: number, sent: readonly Sent[]): Promise<void> {
    this.store().keepSent(sent);
    const record = this.recordOf({ memberId, attempt });
    if (!record) return;
    const [next] = await this.completed(parentOf(record)!, upTo + 1, 1);
    if (next) this.behind.set(memberId, { memberId, attempt, jobId: next.id, retryAt: 0, tries: 0 });
    else this.behind.delete(memberId);
  }

  async stillBehind(behind: readonly Behind[]): Promise<void> {
    for (const member of behind) if (this.recordOf(member)) this.behind.set(member.memberId, member);
  }

  async former(request: Parameters<Deliveries['former']>[0]): Promise<Former> {
    const { relayOwnId, life, untold, limit, past } = request;
    const { records } = this.store();
    const isFormer = (noun: Noun) => (record: SagaRecord) =>
      record.noun === noun && parentOf(record) === relayOwnId && Number(record.data['life'] ?? 0) <= life;
    const isBehind = ({ id, status }: SagaRecord): boolean =>
      (receiving as readonly string[]).includes(status) && this.behind.has(id);
    const members = [...records.values()].filter(isFormer('group_member'));
    const after = (all: readonly SagaRecord[]): SagaRecord[] =>
      all.slice(all.findIndex(({ id }) => id === past?.id) + 1);
    const told = after(members).filter((member) => untold || !isBehind(member));
    if (told.length > 0 && past?.noun !== 'priority_connection')
      return { members: this.withQueues(told.slice(0, limit)), waiting: false };
    const connections = after([...records.values()].filter(isFormer('priority_connection'))).slice(0, limit);
    return { members: this.withQueues(connections), waiting: members.some(isBehind) };
  }

  private withQueues(members: readonly SagaRecord[]): Former['members'] {
    const { receiveQueues, commands } = this.store();
    return members.map(({ noun, id }) => ({
      ...{ noun, id },
      queues: [...receiveQueues.values()].filter((queue) => queue.noun === noun && queue.id === id),
      commands: [...commands.values()]
        .map(({ command }) => command)
        .filter((command) => command.noun === noun && command.recordId === id),
    }));
  }

  async forget(relayOwnId: string, statuses: readonly string[], limit: number): Promise<number> {
    const relay = this.store().records.get(refKey({ noun: 'relay_own', id: relayOwnId }));
    if (!relay || !statuses.includes(relay.status)) return 0;
    const newest = new Set(this.jobs.filter((job) => job.relayOwnId === relayOwnId).slice(-limit));
    this.jobs = this.jobs.filter((job) => !newest.has(job));
    return newest.size;
  }

  /** None of a member that has joined again meanwhile. */
  private recordOf({ memberId, attempt }: MemberAttempt): SagaRecord | undefined {
    const record = this.store().records.get(refKey({ noun: 'group_member', id: memberId }));
    return record?.attempt === attempt ? record : undefined;
  }

  /** Groups for which a step would do something now. */
  groupsWithWork(now: number): Set<string> {
    const groups = new Set<string>();
    for (const { status, relayOwnId } of this.jobs) if (status === 'Pending') groups.add(relayOwnId);
    if (this.behind.size > 0) {
      for (const { record, behind } of this.receivers()) {
        if (behind && behind.retryAt <= now) groups.add(parentOf(record)!);
      }
    }
    return groups;
  }

  /** When the next member that is behind is due. */
  nextDue(): number | undefined {
    if (this.behind.size === 0) return undefined;
    const moments = this.receivers().flatMap(({ behind }) => (behind ? [behind.retryAt] : []));
    return moments.length === 0 ? undefined : Math.min(...moments);
  }

  private receivers(relayOwnId?: string): { record: SagaRecord; recipient: Recipient; behind?: Behind }[] {
    const found = [];
    const { records, sendQueues } = this.store();
    for (const record of records.values()) {
      if (record.noun !== 'group_member') continue;
      const seq = this.seqs.get(record.id) ?? this.seqs.size + 1;
      this.seqs.set(record.id, seq);
      if (relayOwnId !== undefined && parentOf(record) !== relayOwnId) continue;
      if (!record.peer || !(receiving as readonly string[]).includes(record.status)) continue;
      const peer = sendQueues.get(sendQueueKey(record.peer));
      if (!peer) continue;
      const recipient = { memberId: record.id, attempt: record.attempt, seq, peer };
      found.push({ record, recipient, behind: this.behind.get(record.id) });
    }
    return found.sort((a, b) => a.recipient.seq - b.recipient.seq);
  }
}

function isDue({ retryAt }: Behind, now: number, latest: number): boolean {
  return retryAt <= now || retryAt > latest;
}
