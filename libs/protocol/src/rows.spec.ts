import { encodeEnvelope, type Message, messageTags } from '@chat-relays/wire';
import { replies } from './commands';
import { statuses } from './derive';
import { profileWithLink } from './group';
import { type AnyDialogue, decide, type Decision, type Event } from './machine';
import { protocols } from './protocols/protocols';
import type { SagaRecord } from './record';

const link = 'https://smp.example.org/c#4pVnVdtcDUD5KW3ETScPGJCCZHOJCbQwRXMAjZXh1LI';
const key = 'MCowBQYDK2VwAyEA11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo';
const entityId = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8';
const profile = profileWithLink({ displayName: 'news', fullName: '' }, link, entityId);
const chosen = [{ name: 'relay-1', address: 'address', relayMemberId: 'cmVsYXktMDAwMDAwMDAwMQ==' }];

/** Base64url ids, links and profiles that every row and message can work with. */
const data: Record<string, unknown> = {
  groupId: 'news',
  groupLink: link,
  publicGroupId: entityId,
  protocol: 'full',
  relayLink: 'https://smp.example.com/g#0d6lFCkrWy4cEmV6ysZYFXJRbCWTBjVtiIv3SqJCqXA',
  relayAddress: 'https://smp.example.com/r#0d6lFCkrWy4cEmV6ysZYFXJRbCWTBjVtiIv3SqJCqXA',
  ...{ profile, chosen },
  owner: 'alice',
  ownerKey: key,
  ownerSeed: entityId,
  linkSeed: entityId,
  relayName: 'relay-1',
  relayOwnId: 'relay-1/link',
  life: 1,
  groupRelayId: 'news/relay-1',
  membershipId: 'bob/news',
  ownerMemberId: 'b3duZXItMDAwMDAwMDAwMQ==',
  relayMemberId: 'cmVsYXktMDAwMDAwMDAwMQ==',
  memberId: 'bWVtYmVyLTAwMDAwMDAwMQ==',
  memberKey: key,
  memberSeed: entityId,
  memberName: 'bob',
  replyTo: 'smp old',
  purpose: 'messages',
  relayLinks: [],
};

/** Records of the same kind that guards tell apart. */
const records: Record<string, unknown>[] = [
  data,
  { ...data, purpose: 'priority' },
  { ...data, unlisted: 3, listedBefore: true },
  { ...data, relayLinks: [data.relayLink] },
  { ...data, stillListed: true },
  { ...data, lapses: 4, waits: 4 },
  { ...data, purpose: 'priority', lapses: 4, waits: 4 },
];

/** A relay lets a member into this group. */
function letInto(publicGroupId: Uint8Array): object {
  const fromMember = { memberId: Buffer.from('relay-0000000001') };
  return { fromMember, groupProfile: { publicGroup: { publicGroupId } } };
}

const welcome = {
  ...data,
  link: data.relayLink,
  entityId,
  relays: chosen,
  ...{ address: 'address', relayMemberId: chosen[0].relayMemberId },
  groupProfile: { displayName: 'news', fullName: '' },
  groupLinkInvitation: letInto(Buffer.from(entityId, 'base64url')),
  relayLinks: [data.relayLink],
  owners: [key],
  signers: [key],
  data: { groupProfile: profile },
  memberId: Buffer.from('relay-0000000001'),
  replyTo: 'smp new',
  reason: 'a reason',
  name: 'relay-1',
  serving: true,
  proven: true,
  linked: true,
  force: true,
};
const unwelcome = {
  ...welcome,
  relayLinks: [],
  owners: [],
  signers: [],
  memberId: Buffer.from('somebody'),
  replyTo: data.replyTo,
  serving: false,
  proven: false,
  linked: false,
  force: false,
};
/** What events may say, so that every guard has what it wants to see, and what it does not. */
const sayings: object[] = [
  welcome,
  unwelcome,
  { ...welcome, relayLinks: [] },
  { ...welcome, owners: [], relayLinks: [] },
  { ...welcome, signers: [] },
  { ...welcome, purpose: 'priority' },
  { ...welcome, anew: true },
  { ...welcome, groupLinkInvitation: letInto(Buffer.alloc(32, 1)) },
  { ...welcome, groupLinkInvitation: letInto(Buffer.alloc(32, 1)), purpose: 'priority' },
  { ...welcome, look: 'due' },
  { ...welcome, purpose: 'priority', look: 'due' },
  { ...welcome, relays: [{ ...chosen[0], name: 'relay-2' }] },
  { ...welcome, rest: { from: 2, upTo: 3 } },
  { ...welcome, data: { groupProfile: profile, protocol: 'never heard of' } },
];

const ref = { id: 'record', protocol: 'full', identity: 'somebody' };

type Row = AnyDialogue['rows'][number];
interface Case {
  readonly dialogue: AnyDialogue;
  readonly row: Row;
  readonly from: string;
  readonly title: string;
}

const dialogues: readonly AnyDialogue[] = [...new Set(Object.values(protocols).flat())];

const cases = dialogues.flatMap((dialogue) =>
  dialogue.rows.flatMap((row) =>
    row.from.map((from): Case => {
      const title = `${dialogue.noun} ${row.step} ${row.on}: ${from} -> ${row.to}`;
      return { dialogue, row, from, title };
    }),
  ),
);

function recordIn(dialogue: AnyDialogue, status: string, holds = data): SagaRecord | undefined {
  if (status === '-') return undefined;
  return { ...ref, noun: dialogue.noun, status, attempt: 1, data: holds };
}

function isReply(row: Row): boolean {
  return row.on === 'ERR' || (Object.values(replies) as string[]).includes(row.on);
}

function eventOf(row: Row, facts: object): Event {
  return { name: row.on, facts, of: isReply(row) ? (row.of ?? row.step) : undefined };
}

interface Fired {
  readonly event: Event;
  readonly decision: Decision;
  /** the row that fired */
  readonly row: Row | undefined;
}

/** Every saying to every record: which row it fires. */
function* trials({ dialogue, row, from }: Case): Generator<Fired> {
  for (const holds of from === '-' ? [data] : records) {
    for (const facts of sayings) {
      const event = eventOf(row, facts);
      let fired: Row | undefined;
      const watched = dialogue.rows.map((one) => ({
        ...one,
        tell: (d: Record<string, unknown>, f: never) => {
          fired = one;
          return one.tell?.(d, f) ?? [];
        },
      }));
      const decision = decide({ ...dialogue, rows: watched }, ref, recordIn(dialogue, from, holds), event);
      yield { event, decision, row: fired };
    }
  }
}

function fire(one: Case): { event: Event; decision: Extract<Decision, { outcome: 'moved' }> } {
  for (const { event, decision, row } of trials(one)) {
    if (row === one.row && decision.outcome === 'moved') return { event, decision };
  }
  throw new Error(`nothing that anybody says fires ${one.title}`);
}

describe('every row of every protocol', () => {
  it.each(cases)('fires from each status that it names: $title', (one) => {
    const { record, step, asks, from } = fire(one).decision;
    expect({ status: record.status, step, from }).toEqual({
      status: one.row.to,
      step: one.row.step,
      from: one.from,
    });
    expect(asks).toEqual(one.row.ask ?? []);
    expect(record.attempt).toBe(one.row.again && one.from !== '-' ? 2 : 1);
  });

  // what stays asks under the id of the command that is outstanding; a reply comes once
  const leaving = cases.filter(({ row }) => !row.from.includes(row.to as never) && !isReply(row));
  it.each(leaving)('asks once, however often its event comes: $title', (one) => {
    const { event, decision } = fire(one);
    const again = decide(one.dialogue, ref, decision.record, event);
    const asked = again.outcome === 'moved' && again.record.attempt === decision.record.attempt;
    expect(asked ? again.asks : []).toEqual([]);
  });

  it.each(cases.filter(({ row }) => row.when))('lets its guard refuse: $title', (one) => {
    expect([...trials(one)].some(({ row }) => row !== one.row)).toBe(true);
  });

  it.each(cases.filter(({ row }) => isReply(row)))('answers its own step alone: $title', (one) => {
    const other = { ...eventOf(one.row, welcome), of: 'another step' };
    expect(decide(one.dialogue, ref, recordIn(one.dialogue, one.from), other).outcome).toBe('ignored');
  });
});

const events = dialogues.flatMap((dialogue) =>
  [...new Set(dialogue.rows.map(({ on }) => on))].flatMap((on) =>
    ['-', ...statuses(dialogue)]
      .filter((status) => !dialogue.rows.some((row) => row.on === on && row.from.includes(status)))
      .map((status) => ({ dialogue, on, status, title: `${dialogue.half} ${on} in ${status}` })),
  ),
);

describe('what no row says', () => {
  it.each(events)('is ignored: $title', ({ dialogue, on, status }) => {
    const decision = decide(dialogue, ref, recordIn(dialogue, status), { name: on, facts: welcome });
    expect(decision.outcome).toBe('ignored');
  });

  it.each(dialogues)('is a violation where no status knows the message: $name, $half', (dialogue) => {
    for (const status of ['-', ...statuses(dialogue)]) {
      const strange = { name: 'x.grp.never.heard', facts: {} };
      expect(decide(dialogue, ref, recordIn(dialogue, status), strange).outcome).toBe('violation');
    }
  });

  it.each(dialogues)('is ignored where it is a reply that nobody waits for: $name, $half', (dialogue) => {
    const late = { name: 'LINK', of: 'no such step', facts: {} };
    expect(decide(dialogue, ref, undefined, late).outcome).toBe('ignored');
  });
});

const asks = dialogues.flatMap((dialogue) =>
  dialogue.rows.flatMap((row) => row.ask ?? []).map((ask) => ({ dialogue, ask, ...ask })),
);

describe('every ask', () => {
  it.each(asks)('can be written as a command: $step $kind $send', ({ dialogue, ask }) => {
    const aimed = ['JOIN', 'NEW', 'TAKE', 'LSET', 'LGET', 'DEL', 'HIST', 'CLEAN'].includes(ask.kind);
    expect(dialogue.aims?.[ask.kind] !== undefined).toBe(aimed);
    if (aimed) expect(Object.values(dialogue.aims![ask.kind]!(data))).not.toContain(undefined);
    expect(ask.send !== undefined).toBe(['JOIN', 'ACPT', 'LET', 'SEND'].includes(ask.kind));
    if (ask.send === undefined) return;
    expect(messageTags).toContain(ask.send);
    const params = dialogue.says![ask.send]!(data, 1);
    expect(encodeEnvelope({ message: { event: ask.send, params } as Message }).length).toBeGreaterThan(0);
  });
});

describe('ends', () => {
  it.each(dialogues)('are statuses, and a broken record says why: $name, $half', (dialogue) => {
    expect(statuses(dialogue)).toEqual(expect.arrayContaining([...dialogue.ends]));
    const broken = dialogue.rows.filter(({ to }) => to === 'Broken');
    for (const row of broken) expect(row.put?.(unwelcome as never, data)).toHaveProperty('reason');
  });
});
