import { encodeEnvelope, type Message, messageTags } from '@chat-relays/wire';
import { replies } from './commands';
import { statuses } from './derive';
import { type AnyDialogue, decide, type Decision, type Event } from './machine';
import { protocols } from './protocols/protocols';
import type { SagaRecord } from './record';

/** Base64url ids, links and profiles that every row and message can work with. */
const data: Record<string, unknown> = {
  groupId: 'news',
  groupLink: 'https://smp.example.org/c#4pVnVdtcDUD5KW3ETScPGJCCZHOJCbQwRXMAjZXh1LI',
  relayLink: 'https://smp.example.com/g#0d6lFCkrWy4cEmV6ysZYFXJRbCWTBjVtiIv3SqJCqXA',
  relayAddress: 'https://smp.example.com/r#0d6lFCkrWy4cEmV6ysZYFXJRbCWTBjVtiIv3SqJCqXA',
  profile: { displayName: 'news', fullName: '' },
  owner: 'alice',
  relayName: 'relay-1',
  relayOwnId: 'relay-1/link',
  ownerMemberId: 'b3duZXItMDAwMDAwMDAwMQ',
  relayMemberId: 'cmVsYXktMDAwMDAwMDAwMQ',
  memberId: 'bWVtYmVyLTAwMDAwMDAwMQ',
  memberKey: 'MCowBQYDK2VwAyEA11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
  memberName: 'bob',
  chosen: [{ name: 'relay-1', address: 'address', relayMemberId: 'cmVsYXktMDAwMDAwMDAwMQ' }],
};

const common = {
  ...data,
  link: data.relayLink,
  entityId: 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8',
  relays: data.chosen,
  groupProfile: { displayName: 'news', fullName: '' },
  data: { groupProfile: data.profile },
  reason: 'a reason',
};
/** What guards want to see, and what they do not. */
const [welcome, unwelcome] = [
  { ...common, serving: true, relayLinks: [data.relayLink] },
  { ...common, serving: false, relayLinks: [] },
];

const ref = { id: 'record', protocol: 'full', identity: 'somebody' };

type Row = AnyDialogue['rows'][number];
interface Case {
  readonly dialogue: AnyDialogue;
  readonly row: Row;
  readonly from: string;
  readonly title: string;
}

const dialogues: readonly AnyDialogue[] = Object.values(protocols).flat();

const cases = dialogues.flatMap((dialogue) =>
  dialogue.rows.flatMap((row) =>
    row.from.map((from): Case => {
      const title = `${dialogue.half} ${row.step} ${row.on}: ${from} -> ${row.to}`;
      return { dialogue, row, from, title };
    }),
  ),
);

function recordIn(dialogue: AnyDialogue, status: string): SagaRecord | undefined {
  if (status === '-') return undefined;
  return { ...ref, noun: dialogue.noun, status, attempt: 1, data };
}

function isReply(row: Row): boolean {
  return row.on === 'ERR' || (Object.values(replies) as string[]).includes(row.on);
}

function eventOf(row: Row, facts: object): Event {
  return { name: row.on, facts, of: isReply(row) ? (row.of ?? row.step) : undefined };
}

/** A guarded row wants welcome facts; one that follows a guarded row for the same event gets what that one refused. */
function factsFor({ dialogue, row, from }: Case): object {
  const rivals = dialogue.rows.filter(({ on, from: open }) => on === row.on && open.includes(from));
  return rivals.slice(0, rivals.indexOf(row)).some(({ when, of }) => when && of === row.of)
    ? unwelcome
    : welcome;
}

function fire(one: Case): Extract<Decision, { outcome: 'moved' }> {
  const { dialogue, row, from } = one;
  const decision = decide(dialogue, ref, recordIn(dialogue, from), eventOf(row, factsFor(one)));
  if (decision.outcome !== 'moved') throw new Error(`${one.title} was ${decision.outcome}`);
  return decision;
}

describe('every row of every protocol', () => {
  it.each(cases)('fires from each status that it names: $title', (one) => {
    const { record, step, asks, from } = fire(one);
    expect({ status: record.status, step, from }).toEqual({
      status: one.row.to,
      step: one.row.step,
      from: one.from,
    });
    expect(asks).toEqual(one.row.ask ?? []);
    expect(record.attempt).toBe(one.row.again && one.from !== '-' ? 2 : 1);
  });

  it.each(cases)('asks once, however often its event comes: $title', (one) => {
    const { record } = fire(one);
    const again = decide(one.dialogue, ref, record, eventOf(one.row, factsFor(one)));
    if (one.row.from.includes(one.row.to)) {
      expect(one.row.ask).toBeUndefined();
      expect(again).toMatchObject({ outcome: 'moved', asks: [] });
    } else expect(again.outcome).toBe('ignored');
  });

  it.each(cases.filter(({ row }) => row.when))('lets its guard refuse: $title', (one) => {
    const { dialogue, row, from } = one;
    const decision = decide(dialogue, ref, recordIn(dialogue, from), eventOf(row, unwelcome));
    expect(decision).not.toMatchObject({ outcome: 'moved', record: { status: row.to } });
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
    const aimed = ['JOIN', 'NEW', 'LSET', 'LGET'].includes(ask.kind);
    expect(dialogue.aims?.[ask.kind] !== undefined).toBe(aimed);
    if (aimed) expect(Object.values(dialogue.aims![ask.kind]!(data))).not.toContain(undefined);
    expect(ask.send !== undefined).toBe(['JOIN', 'ACPT', 'LET', 'SEND'].includes(ask.kind));
    if (ask.send === undefined) return;
    expect(messageTags).toContain(ask.send);
    const params = dialogue.says![ask.send]!(data);
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
