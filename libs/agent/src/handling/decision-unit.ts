import {
  admit,
  connects,
  decide,
  dialogueOf,
  groupOf,
  hasDeleted,
  type AnyDialogue,
  type RecordRef,
  refKey,
  type SagaRecord,
  spanName,
} from '@chat-relays/protocol';
import { Asks } from './asks';
import type { Command, QueueId, ReceiveQueue } from '../commands/command';
import type { JobKey, NewDeliveryJob } from '../forwarding/delivery';
import { tellGaps } from '../forwarding/gap';
import { historyFor } from '../forwarding/history';
import type { EventInput, Input, KnockInput } from './input';
import type { Observation } from '../observation';
import type { Host, Unit } from '../ports';
import { isSignedBy } from '../sealing/signing';
import type { PeerQueue, Received, SendQueue, Sent } from '../sealing/send-queue';
import { CHAIN_START } from '@chat-relays/smp';
import { arrival, type Begun, unobserved } from '../trace';

type Outcome = Extract<Observation, { what: 'decided' | 'refused' }>;

/**
 * The decisions of one commit. Records are read once, changed in memory by as many events as the commit has, and
 * written once; nothing of it is visible to anybody before the commit.
 */
export class DecisionUnit {
  private readonly asks: Asks;
  private readonly records = new Map<string, SagaRecord | undefined>();
  private readonly changed = new Set<string>();
  private readonly commands: Command[] = [];
  private readonly consumed: string[] = [];
  private readonly queues: ReceiveQueue[] = [];
  private readonly deleted: QueueId[] = [];
  private readonly forgotten: RecordRef[] = [];
  private readonly jobs: NewDeliveryJob[] = [];
  private readonly withdrawn: JobKey[] = [];
  /** records that get what was said before */
  private readonly newcomers: SagaRecord[] = [];
  private readonly sendQueues: SendQueue[] = [];
  private readonly sent: Sent[] = [];
  private readonly received: Received[] = [];
  private readonly missing: Received[] = [];
  readonly points: string[] = [];
  private readonly told: {
    readonly outcome: Outcome;
    readonly span: Begun;
    readonly concluded?: EventInput['concluded'];
  }[] = [];

  constructor(
    private readonly unit: Unit,
    private readonly host: Pick<Host, 'random' | 'crypto' | 'now'>,
  ) {
    this.asks = new Asks(host);
  }

  async run(inputs: readonly Input[]): Promise<void> {
    const replies = inputs.flatMap((input) =>
      'command' in input && input.command ? [input.command.id] : [],
    );
    const outstanding = new Set(replies.length > 0 ? await this.unit.outstanding(replies) : []);
    let round: readonly Input[] = inputs;
    while (round.length > 0) {
      await this.load(round.map(({ ref }) => ref));
      round = round.flatMap((input) => {
        if ('received' in input && input.received) this.received.push(input.received);
        if ('knock' in input) return this.admit(input);
        if (input.command && !outstanding.delete(input.command.id)) return this.stale(input);
        return this.apply(input);
      });
    }
    const current = {
      load: (refs: readonly RecordRef[]) => this.current(refs),
      recentPosts: (groupId: string) => this.unit.recentPosts(groupId),
    };
    this.commands.push(...(await historyFor(this.newcomers, current, this.host)));
  }

  /** As this commit leaves them. */
  private async current(refs: readonly RecordRef[]): Promise<SagaRecord[]> {
    await this.load(refs);
    return refs.flatMap((ref) => this.records.get(refKey(ref)) ?? []);
  }

  async save(): Promise<void> {
    await this.unit.save({
      records: [...this.changed].map((key) => this.records.get(key)!),
      commands: this.commands,
      consumed: this.consumed,
      queues: this.queues,
      deleted: this.deleted,
      forgotten: this.forgotten,
      jobs: this.jobs,
      withdrawn: this.withdrawn,
      sendQueues: this.sendQueues,
      sent: this.sent,
      received: [...this.received, ...this.missing],
    });
  }

  get asked(): boolean {
    return this.commands.length > 0;
  }

  /** relay records that got something to forward */
  get forwarding(): readonly string[] {
    return this.jobs.map(({ relayOwnId }) => relayOwnId);
  }

  /** Only what was committed is told, each outcome within its span. */
  tell(host: Pick<Host, 'observe'>): void {
    for (const { outcome, span, concluded } of this.told) {
      span.run(() => host.observe(outcome));
      if (outcome.what === 'decided') concluded?.(outcome.outcome);
      span.end(outcome.what === 'decided' ? { outcome: outcome.outcome, 'status.to': outcome.to } : {});
    }
    tellGaps(this.missing, host);
  }

  private async load(refs: readonly RecordRef[]): Promise<void> {
    const missing = new Map(refs.map((ref) => [refKey(ref), ref]));
    for (const key of missing.keys()) if (this.records.has(key)) missing.delete(key);
    if (missing.size === 0) return;
    for (const key of missing.keys()) this.records.set(key, undefined);
    for (const record of await this.unit.load([...missing.values()]))
      this.records.set(refKey(record), record);
  }

  private admit({ ref, knock, peer, trace }: KnockInput): Input[] {
    const host = this.records.get(refKey(ref));
    const { signed, ...request } = knock;
    const { crypto } = this.host;
    const admission = host
      ? admit({
          ...request,
          host,
          replyTo: `${peer.server} ${peer.senderId}`,
          ...(signed && { isSignedBy: (signature) => isSignedBy(crypto, signed, signature) }),
        })
      : { refusal: 'nobody knows what this queue is for' };
    if ('refusal' in admission) {
      const { refusal: reason } = admission;
      this.conclude({ what: 'refused', purpose: knock.purpose, where: 'contact request', reason });
      return [];
    }
    const { noun, id, protocol, facts } = admission;
    const { identity } = host!;
    return [{ ref: { noun, id }, identity, protocol, event: { name: knock.event, facts }, peer, trace }];
  }

  /**
   * Nobody waits for it any more. A queue that a past attempt made, or one for a record that is no more, is of no use to
   * anybody; one of the attempt of now came with the first such reply, and stays.
   */
  private stale(input: EventInput): Input[] {
    const { ref, protocol, event, queue, identity } = input;
    const dialogue = dialogueOf(protocol, ref.noun);
    const record = this.records.get(refKey(ref));
    this.conclude({ ...this.decided(dialogue, ref, protocol, event.name), outcome: 'stale' });
    if (queue && (!record || this.isPast(input))) {
      const whose = record ?? { ...ref, protocol, status: '-', data: {} };
      this.queues.push(queue);
      this.commands.push(this.asks.leave({ ...whose, identity, attempt: queue.attempt }));
    }
    return [];
  }

  /** Of an attempt that the record has left. */
  private isPast({ ref, command, attempt = command?.attempt }: EventInput): boolean {
    const record = this.records.get(refKey(ref));
    return attempt !== undefined && record !== undefined && attempt < record.attempt;
  }

  private apply(input: EventInput): Input[] {
    const { ref, identity, event, command, peer, queue, deleted, forgotten, first, sent, concluded } = input;
    const key = refKey(ref);
    const before = this.records.get(key);
    const protocol = before?.protocol ?? input.protocol;
    const dialogue = dialogueOf(protocol, ref.noun);
    if (command) this.consumed.push(command.id);
    if (sent) this.sent.push(sent);
    if (deleted) this.deleted.push(...deleted);
    if (forgotten) this.forgotten.push(...forgotten);
    if (first) this.commands.push(...first);
    if (this.isPast(input)) return this.stale(input);
    if (queue) this.queues.push(queue);

    const decision = decide(dialogue, { id: ref.id, protocol, identity }, before, event);
    const told = { ...this.decided(dialogue, ref, protocol, event.name), step: decision.step };
    const span =
      decision.step === undefined ? unobserved() : this.span(dialogue, decision.step, input, before);
    if (decision.outcome !== 'moved') {
      const reason = event.name === 'ERR' ? (event.facts as { reason?: string }).reason : undefined;
      this.conclude({ ...told, outcome: decision.outcome, from: before?.status, reason }, span, concluded);
      // what is said to a peer may take longer than the deletion that was to come after it
      if (queue && before && hasDeleted(dialogue, before.status)) this.commands.push(this.asks.leave(before));
      return [];
    }

    const record: SagaRecord = {
      ...decision.record,
      ...(peer && { peer: this.learn(peer) }),
      trace: decision.record.trace ?? span.traceparent,
    };
    this.records.set(key, record);
    this.changed.add(key);
    if (input.missing) this.missing.push(input.missing);
    const reason = typeof record.data.reason === 'string' ? record.data.reason : undefined;
    const whose = { identity: record.identity, group: groupOf(record) };
    const moved = {
      ...told,
      ...whose,
      outcome: 'moved' as const,
      from: decision.from,
      to: record.status,
      reason,
    };
    this.conclude(moved, span, concluded);
    this.points.push(`${dialogue.half}.${decision.step}.${event.name}`);
    for (const ask of decision.asks)
      this.commands.push(this.asks.command(dialogue, record, ask, span.traceparent));
    if (before && before.attempt < record.attempt && connects(dialogue))
      this.commands.push(this.asks.leave(before));
    if (decision.forward) this.jobs.push(this.asks.notice(dialogue, record, decision.forward));
    if (decision.withdraw) this.withdrawn.push(...this.asks.notices(record, decision.withdraw));
    if (decision.history) this.newcomers.push(record);
    return decision.tells.map((tell) => ({
      ref: { noun: tell.noun, id: tell.id },
      identity: record.identity,
      protocol: tell.protocol ?? record.protocol,
      event: { name: tell.event, facts: tell.facts },
      ...(tell.traced && { trace: record.trace }),
    }));
  }

  /** The keys with which this agent will send there are made and kept before anything is sent. */
  private learn(peer: PeerQueue): SagaRecord['peer'] {
    const { server, senderId } = peer;
    this.sendQueues.push({ ...peer, seed: this.host.random(32), sent: CHAIN_START });
    return { server, senderId };
  }

  private conclude(outcome: Outcome, span: Begun = unobserved(), concluded?: EventInput['concluded']): void {
    this.told.push({ outcome, span, ...(concluded && { concluded }) });
  }

  private span(
    dialogue: AnyDialogue,
    step: string,
    { ref, event, trace, command }: EventInput,
    record: SagaRecord | undefined,
  ): Begun {
    if (!dialogue.traced) return unobserved();
    return arrival(spanName(dialogue, step, event.name), {
      parent: record?.trace ?? trace,
      cause: trace,
      attributes: {
        'rfc.step': step,
        'rfc.protocol': record?.protocol ?? 'full',
        'record.id': ref.id,
        'status.from': record?.status ?? '-',
        attempt: command?.attempt ?? record?.attempt ?? 1,
      },
    });
  }

  private decided(dialogue: AnyDialogue, ref: RecordRef, protocol: string, event: string) {
    const { name, half } = dialogue;
    return { what: 'decided' as const, dialogue: name, half, protocol, ref, event };
  }
}
