import type { DataSource } from 'typeorm';
import {
  type Divergence,
  type Inserted,
  messageKey,
  type Messages,
  type NewMessage,
  type Received,
  relayLinkOf,
} from '@chat-relays/agent';
import { temporaryWhenAway } from './agent-store';
import { COMPARE, INSERT, standings } from './message-statements';
import { haveGaps, receivedColumns, saveGaps } from './queue-positions';

interface Told {
  divergences: Divergence[] | null;
}

interface InsertedRow extends Told {
  kept: string;
  /** counted from 1 */
  overtaken: string[];
}

/**
 * A member's messages: the first copy of each is kept (step 18), and every other one is counted in the same commit, with
 * what it says otherwise kept beside it. One statement; a second one only where another process kept a copy meanwhile.
 */
export class MessageStore implements Messages {
  constructor(private readonly source: DataSource) {}

  async insert(messages: readonly NewMessage[], received: readonly Received[]): Promise<Inserted> {
    const columns = [...copyColumns(messages), ...receivedColumns(received)];
    const [{ kept, divergences, overtaken }] = await (haveGaps(received)
      ? this.insertWithGaps(columns, received)
      : this.query<InsertedRow>(INSERT, columns));
    const late = overtaken.map((position) => messages[Number(position) - 1]);
    const [found] = late.length > 0 ? await this.query<Told>(COMPARE, copyColumns(late)) : [];
    return { kept: Number(kept), divergences: [...(divergences ?? []), ...(found?.divergences ?? [])] };
  }

  /** They are rare, and cost a transaction. */
  private insertWithGaps(columns: unknown[], received: readonly Received[]): Promise<InsertedRow[]> {
    return temporaryWhenAway(() =>
      this.source.transaction(async (manager) => {
        await saveGaps((statement, parameters) => manager.query(statement, parameters), received);
        return manager.query<InsertedRow[]>(INSERT, columns);
      }),
    );
  }

  private query<R>(statement: string, columns: unknown[]): Promise<R[]> {
    return temporaryWhenAway(() => this.source.query(statement, columns));
  }
}

function copyColumns(messages: readonly NewMessage[]): unknown[] {
  const { bytes, places } = packed(messages);
  return [
    messages.map(({ membershipId }) => membershipId),
    messages.map(({ author }) => author),
    messages.map(({ messageId }) => messageId),
    bytes,
    places,
    messages.map(({ body }) => body.length),
    messages.map(({ via }) => via),
    messages.map(({ receivedAt }) => receivedAt),
    messages.map(({ groupLink }) => groupLink),
    amongThem(messages),
  ];
}

/** A body once, however many members got it: what one message id brings is the same bytes unless somebody altered it. */
function packed(messages: readonly NewMessage[]): { bytes: Buffer; places: number[] } {
  const known = new Map<string, { readonly body: Uint8Array; readonly place: number }>();
  const parts: Uint8Array[] = [];
  let end = 1;
  const places = messages.map(({ messageId, body }) => {
    const same = known.get(messageId);
    if (same && Buffer.compare(same.body, body) === 0) return same.place;
    const place = end;
    known.set(messageId, { body, place });
    parts.push(body);
    end += body.length;
    return place;
  });
  return { bytes: Buffer.concat(parts), places };
}

/** A statement does not see what it inserts: copies that meet in it are compared here. A byte for each, its place in `standings`. */
function amongThem(messages: readonly NewMessage[]): Buffer {
  const firsts = new Map<string, NewMessage>();
  const bytes = Buffer.alloc(messages.length);
  for (const [index, copy] of messages.entries()) {
    const key = messageKey(copy.membershipId, copy.author, copy.messageId);
    const first = firsts.get(key);
    if (first) bytes[index] = standings.indexOf(besideFirst(copy, first));
    else firsts.set(key, copy);
  }
  return bytes;
}

function besideFirst(copy: NewMessage, first: NewMessage): (typeof standings)[number] {
  if (Buffer.compare(first.body, copy.body) !== 0) return 'differs';
  return relayLinkOf(first.via) === relayLinkOf(copy.via) ? 'repeats' : 'corroborates';
}
