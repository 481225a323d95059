import { encodeEnvelope, type Message } from '@chat-relays/wire';
import {
  admit,
  type Ask,
  decide,
  dialogueOf,
  groupOf,
  type AnyDialogue,
  type RecordRef,
  refKey,
  type SagaRecord,
  spanName,
} from '@chat-relays/protocol';
import { asynchronous, getConnShortLinkAsync, setConnShortLinkAsync } from './async-commands';
import type { Command, GroupAim, LinkAim, ReceiveQueue } from './command';
import type { EventInput, Input, KnockInput } from './input';
import type { Observation } from './observation';
import type { Host, Unit } from './ports';
import type { PeerQueue, Received, SendQueue, Sent } from './send-queue';
import { CHAIN_START } from '@chat-relays/smp';
import { arrival, type Begun, unobserved } from './trace';

type Outcome = Extract<Observation, { what: 'decided' | 'refused' }>;

/**
 * The decisions of one commit. Records are read once, changed in memory by as many events as the commit has, and
 * written once; nothing of it is visible to anybody before the commit.
 */
export class DecisionUnit {
  private readonly records = new Map<string, SagaRecord | undefined>();
  private readonly changed = new Set<string>();
  private readonly commands: Command[] = [];
  private readonly consumed: string[] = [];
  private readonly queues: ReceiveQueue[] = [];
  private readonly sendQueues: SendQueue[] = [];
  private readonly sent: Sent[] = [];
  private readonly received: Received[] = [];
  readonly points: string[] = [];
  private readonly told: { readonly outcome: Outcome; readonly span: Begun }[] = [];

  constructor(
    private readonly unit: Unit,
    private readonly host: Pick<Host, 'random'>,
  ) {}

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
  }

  async save(): Promise<void> {
    await this.unit.save({
      records: [...this.changed].map((key) => this.records.get(key)!),
      commands: this.commands,
      consumed: this.consumed,
      queues: this.queues,
      sendQueues: this.sendQueues,
      sent: this.sent,
      received: this.received,
    });
  }

  get asked(): boolean {
    return this.commands.length > 0;
  }

  /** Only what was committed is told, each outcome within its span. */
  tell(host: Pick<Host, 'observe'>): void {
    for (const { outcome, span } of this.told) {
      span.run(() => host.observe(outcome));
      span.end(outcome.what === 'decided' ? { outcome: outcome.outcome, 'status.to': outcome.to } : {});
    }
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
    const admission = host && admit({ ...knock, host });
    if (!admission) {
      const reason = `the ${knock.purpose} takes no ${knock.event}`;
      this.conclude({ what: 'refused', purpose: knock.purpose, where: 'contact request', reason });
      return [];
    }
    const { noun, id, facts } = admission;
    const { identity, protocol } = host;
    return [{ ref: { noun, id }, identity, protocol, event: { name: knock.event, facts }, peer, trace }];
  }

  private stale({ ref, protocol, event }: EventInput): Input[] {
    const dialogue = dialogueOf(protocol, ref.noun);
    this.conclude({ ...this.decided(dialogue, ref, protocol, event.name), outcome: 'stale' });
    return [];
  }

  private apply(input: EventInput): Input[] {
    const { ref, identity, event, command, peer, queue, sent } = input;
    const key = refKey(ref);
    const before = this.records.get(key);
    const protocol = before?.protocol ?? input.protocol;
    const dialogue = dialogueOf(protocol, ref.noun);
    if (command) this.consumed.push(command.id);
    if (queue) this.queues.push(queue);
    if (sent) this.sent.push(sent);

    const decision = decide(dialogue, { id: ref.id, protocol, identity }, before, event);
    const told = { ...this.decided(dialogue, ref, protocol, event.name), step: decision.step };
    const span =
      decision.step === undefined ? unobserved() : this.span(dialogue, decision.step, input, before);
    if (decision.outcome !== 'moved') {
      const reason = event.name === 'ERR' ? (event.facts as { reason?: string }).reason : undefined;
      this.conclude({ ...told, outcome: decision.outcome, from: before?.status, reason }, span);
      return [];
    }

    const record: SagaRecord = {
      ...decision.record,
      ...(peer && { peer: this.learn(peer) }),
      trace: decision.record.trace ?? span.traceparent,
    };
    this.records.set(key, record);
    this.changed.add(key);
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
    this.conclude(moved, span);
    this.points.push(`${dialogue.half}.${decision.step}.${event.name}`);
    for (const ask of decision.asks) this.commands.push(this.command(dialogue, record, ask, span));
    return decision.tells.map((tell) => ({
      ref: { noun: tell.noun, id: tell.id },
      identity: record.identity,
      protocol: record.protocol,
      event: { name: tell.event, facts: tell.facts },
    }));
  }

  /** The keys with which this agent will send there are made and kept before anything is sent. */
  private learn(peer: PeerQueue): SagaRecord['peer'] {
    const { server, senderId } = peer;
    this.sendQueues.push({ ...peer, seed: this.host.random(32), sent: CHAIN_START });
    return { server, senderId };
  }

  private conclude(outcome: Outcome, span: Begun = unobserved()): void {
    this.told.push({ outcome, span });
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

  private command(dialogue: AnyDialogue, record: SagaRecord, ask: Ask, span: Begun): Command {
    const { step, kind, send } = ask;
    const corrId = `${refKey(record)}/${record.attempt}/${step}/${kind}`;
    const asking = { record, ask, cause: span.traceparent, host: this.host };
    const aim = dialogue.aims?.[kind]?.(record.data);
    if (kind === 'LSET') return setConnShortLinkAsync(corrId, aim as GroupAim, asking);
    if (kind === 'LGET') return getConnShortLinkAsync(corrId, aim as LinkAim, asking);
    const params = send && dialogue.says?.[send]?.(record.data);
    const body = params && encodeEnvelope({ message: { event: send, params } as Message });
    return asynchronous(corrId, { aim: aim as Command['aim'], body }, asking);
  }

  private decided(dialogue: AnyDialogue, ref: RecordRef, protocol: string, event: string) {
    const { name, half } = dialogue;
    return { what: 'decided' as const, dialogue: name, half, protocol, ref, event };
  }
}
