import {
  type Ask,
  decide,
  dialogueOf,
  type Noun,
  type ProtocolName,
  refKey,
  type SagaRecord,
  type Tell,
} from '@chat-relays/protocol';
import { fromJson, type Json, toJson } from './json-form';

/** One event of a record, and what the tables make of it: `vectors/histories/README.md`. */
export interface Entry {
  readonly noun: Noun;
  readonly id: string;
  readonly identity: string;
  readonly protocol: string;
  readonly event: string;
  /** of a reply: the step that asked */
  readonly of?: string;
  /** of an event that an earlier entry tells: what it told */
  readonly facts: Json;
  readonly outcome: 'moved' | 'ignored' | 'unmet' | 'violation';
  /** what follows is of those that moved */
  readonly status?: string;
  readonly attempt?: number;
  readonly asks?: readonly Ask[];
  /** each is a later entry */
  readonly tells?: readonly Omit<Tell, 'facts'>[];
  readonly forward?: string;
  readonly history?: true;
  /** the process died before it was committed: the record is as before */
  readonly lost?: true;
}

export interface History {
  readonly protocol: ProtocolName;
  readonly name: string;
  readonly about: string;
  readonly entries: readonly Entry[];
  /** the records in the end */
  readonly end: readonly End[];
}

export interface End {
  readonly noun: Noun;
  readonly id: string;
  readonly status: string;
  readonly attempt: number;
  readonly data: Json;
}

/** What the tables make of the events of a history now; it should be the history. */
export function replayed({ entries, end: _, ...head }: History): History {
  const records = new Map<string, SagaRecord>();
  const told = new Map<string, Json[]>();
  const decided = entries.map((entry): Entry => {
    const { noun, id, identity, protocol, event, of, lost } = entry;
    const key = refKey(entry);
    const facts = told.get(`${key} ${event}`)?.shift() ?? entry.facts;
    const before = records.get(key);
    const decision = decide(dialogueOf(protocol, noun), { id, protocol, identity }, before, {
      name: event,
      ...(of !== undefined && { of }),
      facts: fromJson(facts) as object,
    });
    const same = { noun, id, identity, protocol, event, ...(of !== undefined && { of }), facts };
    if (decision.outcome !== 'moved') return { ...same, outcome: decision.outcome };
    if (!lost) records.set(key, decision.record);
    const { record, asks, forward, history } = decision;
    const tells = decision.tells.map(({ facts: said, ...tell }) => {
      const about = `${refKey(tell)} ${tell.event}`;
      told.set(about, [...(told.get(about) ?? []), toJson(said)]);
      return tell;
    });
    return {
      ...same,
      outcome: 'moved',
      status: record.status,
      attempt: record.attempt,
      ...(asks.length > 0 && { asks }),
      ...(tells.length > 0 && { tells }),
      ...(forward && { forward }),
      ...(history && { history }),
      ...(lost && { lost }),
    };
  });
  return { ...head, entries: decided, end: [...records.values()].map(endOf) };
}

function endOf({ noun, id, status, attempt, data }: SagaRecord): End {
  return { noun, id, status, attempt, data: toJson(data) };
}
