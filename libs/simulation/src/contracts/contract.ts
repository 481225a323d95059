import type { Changes, Command, Deliveries, Gap, Messages, Store } from '@chat-relays/agent';
import { type Noun, parentOf, type SagaRecord } from '@chat-relays/protocol';

/** What a port promises, whatever it is made of. Every clause starts on empty stores, and throws where it is broken. */
export interface Clause<Ports> {
  readonly title: string;
  check(ports: Ports): Promise<void>;
}

/** The stores of one agent, over the same database. */
export interface Stores {
  readonly store: Store;
  readonly deliveries: Deliveries;
  readonly messages: Messages;
  /** what members hold, oldest first */
  readonly kept: () => Promise<{ membershipId: string; messageId: string; via: string }[]>;
  /** what they hold against connections, oldest first */
  readonly divergent: () => Promise<{ membershipId: string; messageId: string; via: string; body: Buffer }[]>;
  /** what never came to them, in the order in which they noticed */
  readonly gaps: () => Promise<Pick<Gap, 'via' | 'from' | 'to' | 'after' | 'before'>[]>;
  /** ids of messages that two relays brought with the same bytes */
  readonly corroborated: () => Promise<string[]>;
}

export async function save(store: Store, changes: Partial<Changes>): Promise<void> {
  await store.commit((unit) => unit.save(changes));
}

export function record(noun: Noun, id: string, more: Partial<SagaRecord> = {}): SagaRecord {
  const parent = parentOf({ noun, data: more.data ?? {} });
  const base = { noun, id, identity: 'relay-1', protocol: 'full', status: 'New', attempt: 1, data: {} };
  return { ...base, ...(parent !== undefined && { parent }), ...more };
}

export function command(lane: string, number: number, more: Partial<Command> = {}): Command {
  return {
    id: `${lane}/${number}`,
    noun: 'group_relay',
    recordId: lane,
    identity: 'alice',
    protocol: 'full',
    attempt: 1,
    step: '9',
    kind: 'SEND',
    lane,
    seed: Buffer.alloc(32, number),
    tries: 0,
    ...more,
  };
}

/** Bytes as text and no undefined fields, so that stores may keep bytes as they like. */
export function plain(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_key, part: unknown) => {
      const bytes = part instanceof Uint8Array ? part : (part as { type?: string; data?: number[] } | null);
      if (bytes instanceof Uint8Array) return Buffer.from(bytes).toString('hex');
      return bytes?.type === 'Buffer' && bytes.data ? Buffer.from(bytes.data).toString('hex') : part;
    }),
  );
}
