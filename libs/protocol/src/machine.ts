import type { MessageTag } from '@chat-relays/wire';
import { type CommandKind, replies } from './commands';
import { type Noun, parentOf, type SagaRecord } from './record';

/** The arrow that a row sets off: a command, executed after the commit, retried until it has a final reply. */
export interface Ask {
  readonly step: string;
  readonly kind: CommandKind;
  /** the message that JOIN, ACPT, LET and SEND carry; its parameters come from the dialogue's `says` */
  readonly send?: MessageTag;
  /** the message is signed with the key that the dialogue's `signs` names */
  readonly sign?: true;
}

/** Who signs a message: SimpleX binds a signature to the group and the member. All base64url. */
export interface Signer {
  readonly seed: string;
  readonly publicGroupId: string;
  readonly memberId: string;
}

/** An event for another record of the same agent, handled in the same commit. */
export interface Tell {
  readonly noun: Noun;
  readonly id: string;
  readonly event: string;
  readonly facts: object;
  /** of a record that begins with it, where that is not the teller's */
  readonly protocol?: string;
  /** a record that begins with it is part of the teller's trace */
  readonly traced?: true;
}

/**
 * One arriving arrow of the RFC. `from` is a set, because a peer's message may outrun the local reply;
 * `-` means that the record does not exist yet.
 */
export type Row<S extends string, D, E> = {
  [On in keyof E & string]: {
    readonly step: string;
    readonly on: On;
    /** for a reply: the step of the ask that it answers, where that is not the row's own */
    readonly of?: string;
    readonly from: readonly (S | '-')[];
    readonly to: S;
    readonly when?: (facts: E[On], data: D) => boolean;
    readonly put?: (facts: E[On], data: D) => Partial<D>;
    readonly ask?: readonly Ask[];
    readonly tell?: (data: D, facts: E[On]) => readonly Tell[];
    /** a relay says this to all its members, in the way of step 17 */
    readonly forward?: MessageTag;
    /** a relay takes back what it said to its members: who has not heard it does not hear it any more */
    readonly withdraw?: MessageTag;
    /** the relay gets what the owner sent before: it is new to the group */
    readonly history?: true;
    /** begins a new attempt: replies to commands of the one before no longer count */
    readonly again?: true;
  };
}[keyof E & string];

/** One half of a dialogue of the RFC: what one role does with one kind of record. */
export interface Dialogue<S extends string = string, D extends object = object, E = Record<string, object>> {
  /** what the spans are named after, e.g. `relay.add` */
  readonly name: string;
  readonly half: 'owner' | 'relay' | 'member';
  readonly noun: Noun;
  /** statuses in which nothing more is awaited */
  readonly ends: readonly S[];
  /** statuses in which a worker of this agent goes on without being asked by a row */
  readonly works?: readonly S[];
  /** of a relay: statuses in which it accepts members and forwards */
  readonly serves?: readonly S[];
  /** of a relay: statuses in which its owner comes over its link */
  readonly linked?: readonly S[];
  readonly rows: readonly Row<S, D, E>[];
  /** parameters of the messages that this half sends */
  readonly says?: { readonly [Tag in MessageTag]?: (data: D, attempt: number) => object };
  /** with which key this half signs */
  readonly signs?: (data: D) => Signer;
  /** what JOIN, NEW, LSET, LGET and HIST work on; SEND, ACPT and LET go to the record's peer */
  readonly aims?: { readonly [Kind in CommandKind]?: (data: D) => object };
  /** true when each record is one distributed trace */
  readonly traced?: true;
}

/** Any dialogue, its types forgotten: what the machinery works with. */
export type AnyDialogue = Dialogue<string, Record<string, unknown>, Record<string, never>>;

export interface Event {
  readonly name: string;
  /** for a reply: the step of the ask that it answers */
  readonly of?: string;
  readonly facts: object;
}

export type Decision =
  | {
      readonly outcome: 'moved';
      readonly step: string;
      readonly from: string;
      readonly record: SagaRecord;
      readonly asks: readonly Ask[];
      readonly tells: readonly Tell[];
      readonly forward?: MessageTag;
      readonly withdraw?: MessageTag;
      readonly history?: true;
    }
  /** `ignored`: late or repeated; `unmet`: a guard said no; `violation`: no status accepts this from this peer */
  | { readonly outcome: 'ignored' | 'unmet' | 'violation'; readonly step?: string };

/** Forgets the types of a dialogue; its rows were checked where it was written. */
export function erase<S extends string, D extends object, E>(dialogue: Dialogue<S, D, E>): AnyDialogue {
  return dialogue as unknown as AnyDialogue;
}

type AnyRow = AnyDialogue['rows'][number];

function rowsOn(dialogue: AnyDialogue, event: Event): readonly AnyRow[] {
  return dialogue.rows.filter(
    (row) => row.on === event.name && (event.of === undefined || (row.of ?? row.step) === event.of),
  );
}

/** What an event does to a record. Pure: ids and time are in the event, a decision cannot await. */
export function decide(
  dialogue: AnyDialogue,
  ref: { readonly id: string; readonly protocol: string; readonly identity: string },
  record: SagaRecord | undefined,
  event: Event,
): Decision {
  const known = rowsOn(dialogue, event);
  if (known.length === 0) {
    return { outcome: isReply(event.name) ? 'ignored' : 'violation' };
  }
  const step = known[0].step;
  const from = record?.status ?? '-';
  const open = known.filter((row) => row.from.includes(from));
  if (open.length === 0) return { outcome: 'ignored', step };

  const data = record?.data ?? {};
  const facts = event.facts as never;
  const row = open.find((candidate) => candidate.when?.(facts, data) ?? true);
  if (row === undefined) return { outcome: 'unmet', step };

  const nextData = { ...data, ...row.put?.(facts, data) };
  const next: SagaRecord = {
    noun: dialogue.noun,
    id: ref.id,
    identity: record?.identity ?? ref.identity,
    protocol: record?.protocol ?? ref.protocol,
    status: row.to,
    attempt: (record?.attempt ?? 1) + (row.again && record ? 1 : 0),
    data: nextData,
    parent: parentOf({ noun: dialogue.noun, data: nextData }),
    peer: record?.peer,
    trace: record?.trace,
  };
  return {
    outcome: 'moved',
    step: row.step,
    from,
    record: next,
    asks: row.ask ?? [],
    tells: row.tell?.(next.data, facts) ?? [],
    ...(row.forward && { forward: row.forward }),
    ...(row.withdraw && { withdraw: row.withdraw }),
    ...(row.history && { history: row.history }),
  };
}

function isReply(name: string): boolean {
  return name === 'ERR' || Object.values(replies).includes(name as never);
}
