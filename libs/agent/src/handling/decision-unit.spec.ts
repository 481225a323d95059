import { command, toyCrypto } from '@chat-relays/simulation';
import type { SagaRecord } from '@chat-relays/protocol';
import { decodeBody, type SignedElement, textId } from '@chat-relays/wire';
import { decisions, told } from '../../test/decisions';
import { Ends } from '../../test/peers';
import type { ReceiveQueue } from '../commands/command';
import type { EventInput } from './input';
import { isSignedBy } from '../sealing/signing';

const peer = { server: 'smp-peer', senderId: 'peer' };
const ownerSeed = Buffer.alloc(32, 0x11);
const { publicKey: ownerKey } = toyCrypto.keyPair('ed25519', ownerSeed);
const data = {
  ...{
    groupId: 'news',
    protocol: 'full',
    groupLink: 'https://smp/c#a',
    publicGroupId: textId(Buffer.from('g')),
  },
  ...{ relayName: 'A', relayAddress: 'https://smp/r#a', relayMemberId: textId(Buffer.from('A')) },
  profile: { displayName: 'news', fullName: '' },
  ...{ owner: 'alice', ownerMemberId: textId(Buffer.from('alice')) },
  ...{ ownerSeed: textId(ownerSeed), ownerKey: textId(ownerKey) },
};
const relay = (status: string, attempt: number, more: Partial<SagaRecord> = {}): SagaRecord => ({
  ...{ noun: 'group_relay', id: 'news/A', identity: 'alice', protocol: 'full', status, attempt, data },
  ...{ parent: 'news', ...more },
});
const queueOf = (attempt: number): ReceiveQueue => {
  const [noun, id] = ['group_relay', 'news/A'] as const;
  return { ...new Ends(toyCrypto, attempt).receiving, noun, id, identity: 'alice', attempt };
};
const joining = (attempt: number) =>
  command('a', attempt, { id: `join/${attempt}`, recordId: 'news/A', kind: 'JOIN', step: '5', attempt });
const joined = (attempt: number, more: Partial<EventInput> = {}) =>
  told(
    'JOINED',
    {},
    {
      event: { name: 'JOINED', of: '5', facts: {} },
      command: joining(attempt),
      queue: queueOf(attempt),
      ...more,
    },
  );
const accepted = (attempt: number) =>
  told('x.grp.relay.acpt', { relayLink: `https://smp/g#${attempt}` }, { attempt });
const LEAVE = 'group_relay:news/A/1/leave';

describe('of an earlier attempt', () => {
  it("a peer's message changes nothing", async () => {
    const { memory, decide, asked } = await decisions({ records: [relay('Invited', 2)] });
    const before = memory.records.get('group_relay:news/A');
    expect(await decide(accepted(1))).toEqual(['stale']);
    expect(memory.records.get('group_relay:news/A')).toBe(before);
    expect(asked()).toEqual([]);
    expect(await decide(accepted(2))).toEqual(['moved']);
  });

  it('a reply changes nothing, and is consumed; the queue that it made is kept until it is deleted', async () => {
    const { memory, decide, commands } = await decisions({
      records: [relay('New', 2)],
      commands: [joining(1), joining(2)],
    });
    expect(await decide(joined(1))).toEqual(['stale']);
    expect(memory.records.get('group_relay:news/A')).toMatchObject({ status: 'New', attempt: 2 });
    expect(await memory.queues()).toEqual([queueOf(1)]);
    expect(commands()).toMatchObject([
      { id: 'join/2' },
      { id: LEAVE, kind: 'DEL', attempt: 1, aim: { keepLink: true }, lane: 'group_relay:news/A/1' },
    ]);
  });

  it('how far it came is kept, and what it deleted is gone', async () => {
    const { sending } = new Ends(toyCrypto, 1);
    const { server, senderId } = sending;
    const position = { id: 3, hash: Buffer.alloc(32, 3) };
    const { memory, decide } = await decisions({
      records: [relay('New', 2)],
      commands: [joining(1)],
      queues: [queueOf(1), queueOf(2)],
      sendQueues: [sending],
    });
    const late = told('DELETED', {}, { command: joining(1), deleted: [queueOf(1)] });
    expect(await decide({ ...late, sent: { server, senderId, position } })).toEqual(['stale']);
    expect(await memory.queues()).toEqual([queueOf(2)]);
    expect([...memory.sendQueues.values()]).toEqual([{ ...sending, sent: position }]);
  });
});

describe('a reply that is not awaited', () => {
  it('although its attempt is the one of now, deletes no queue: the first such reply brought it', async () => {
    const { memory, decide, asked } = await decisions({ records: [relay('New', 1)], commands: [joining(1)] });
    expect(await decide(joined(1))).toEqual(['moved']);
    expect(await decide(joined(1))).toEqual(['stale']);
    expect({ asked: asked(), queues: await memory.queues() }).toEqual({ asked: [], queues: [queueOf(1)] });
  });

  it('and is of an earlier attempt has its queue deleted', async () => {
    const { decide, asked } = await decisions({ records: [relay('New', 2)] });
    expect(await decide(joined(1))).toEqual(['stale']);
    expect(asked()).toEqual([LEAVE]);
  });
});

describe('a queue that a reply made', () => {
  const ref = { noun: 'owner_connection', id: 'A/news/owner' } as const;
  const of = { identity: 'A', protocol: 'paired', attempt: 1 } as const;
  const accepting = command('a', 1, { ...of, noun: ref.noun, recordId: ref.id, kind: 'ACPT', step: '12' });
  const event = { name: 'SENT', of: '12', facts: {} };
  const sent = told('SENT', {}, { ref, ...of, event, command: accepting, queue: { ...queueOf(1), ...ref } });
  const connection = (status: string): SagaRecord => ({ ...ref, ...of, status, data: {}, peer });

  it('is deleted where the record was removed while the command was carried out', async () => {
    const { decide, commands } = await decisions({ records: [connection('Removed')], commands: [accepting] });
    expect(await decide(sent)).toEqual(['ignored']);
    expect(commands()).toMatchObject([{ kind: 'DEL', recordId: ref.id, attempt: 1 }]);
  });

  it('stays where the peer was faster than the reply', async () => {
    const { memory, decide, asked } = await decisions({
      records: [connection('Connected')],
      commands: [accepting],
    });
    expect(await decide(sent)).toEqual(['ignored']);
    expect({ asked: asked(), queues: (await memory.queues()).length }).toEqual({ asked: [], queues: 1 });
  });
});

describe('a record that is no more', () => {
  const ref = { noun: 'group_member', id: 'A/news/bob' } as const;
  const of = { identity: 'A', protocol: 'full', attempt: 1 } as const;
  const event = { name: 'SENT', of: '15', facts: {} };
  const accepting = command('a', 1, { ...of, noun: ref.noun, recordId: ref.id, kind: 'ACPT', step: '15' });
  const member: SagaRecord = { ...ref, ...of, status: 'New', data: { relayOwnId: 'A/news' }, peer };
  const left = told('DELETED', {}, { ref, ...of, forgotten: [ref], deleted: [{ ...queueOf(1), ...ref }] });

  it('has the queue deleted that another process of the same name made for it late', async () => {
    const { memory, decide, commands } = await decisions({ records: [member] });
    await decide(left);
    expect(memory.records.size).toBe(0);
    const late = told(
      'SENT',
      {},
      { ref, ...of, event, command: accepting, queue: { ...queueOf(1), ...ref } },
    );
    expect(await decide(late)).toEqual(['stale']);
    expect(memory.records.size).toBe(0);
    expect(await memory.queues()).toHaveLength(1);
    expect(commands()).toMatchObject([{ kind: 'DEL', noun: ref.noun, recordId: ref.id, attempt: 1 }]);
  });

  it('stays as long as a command of it is in the queue, and takes no message when it is gone', async () => {
    const { memory, decide, asked } = await decisions({ records: [member], commands: [accepting] });
    await decide(left);
    expect([...memory.records.keys()]).toEqual(['group_member:A/news/bob']);
    await memory.commit((unit) => unit.save({ consumed: [accepting.id] }));
    await decide(left);
    expect(await decide(told('x.ok', {}, { ref, ...of }))).toEqual(['ignored']);
    expect({ records: memory.records.size, asked: asked() }).toEqual({ records: 0, asked: [] });
  });
});

describe('a new attempt', () => {
  it('deletes the queues of the one before, and asks anew', async () => {
    const { memory, decide, commands } = await decisions({ records: [relay('Broken', 1, { peer })] });
    const [retried] = await decide(told('relay.retry'));
    expect(retried).toBe('moved');
    expect(memory.records.get('group_relay:news/A')).toMatchObject({ status: 'New', attempt: 2 });
    expect(commands()).toMatchObject([
      { id: 'group_relay:news/A/2/5/JOIN', attempt: 2, lane: 'group_relay:news/A/2' },
      { id: LEAVE, kind: 'DEL', attempt: 1, aim: { keepLink: true }, lane: 'group_relay:news/A/1' },
    ]);
  });

  it('of a record that has no connections deletes nothing', async () => {
    const pool = { noun: 'pool_link', id: 'A/pool/1' } as const;
    const broken = { ...pool, identity: 'A', protocol: 'pooled', status: 'Broken', attempt: 1, data: {} };
    const { decide, asked } = await decisions({ records: [broken] });
    expect(await decide(told('link.wanted', {}, { ref: pool, identity: 'A', protocol: 'pooled' }))).toEqual([
      'moved',
    ]);
    expect(asked()).toEqual(['pool_link:A/pool/1/2/0/NEW']);
  });
});

describe('what is said', () => {
  const signature = {
    key: ownerKey,
    memberId: Buffer.from('alice'),
    publicGroupId: Buffer.from('g'),
  };

  it('with a signature verifies as the one of who says it', async () => {
    const { decide, commands } = await decisions();
    const { groupId: _, ...facts } = data;
    expect(await decide(told('relay.chosen', { ...facts, groupId: 'news' }))).toEqual(['moved']);
    const [invitation] = decodeBody(commands()[0].body!);
    const signed = (invitation as { value: SignedElement }).value;
    expect(signed).toMatchObject({ kind: 'signed', envelope: { message: { event: 'x.grp.relay.inv' } } });
    expect(isSignedBy(toyCrypto, signed, signature)).toBe(true);
    expect(isSignedBy(toyCrypto, signed, { ...signature, key: ownerSeed })).toBe(false);
  });

  it('without one is the message alone', async () => {
    const { decide, commands } = await decisions({ records: [relay('Invited', 1, { peer })] });
    await decide(accepted(1));
    const said = commands().find(({ send }) => send === 'x.ok')!;
    expect(decodeBody(said.body!)).toMatchObject([{ value: { kind: 'message' } }]);
  });
});

describe('what a relay says of itself to its members', () => {
  const own = { noun: 'relay_own', id: 'A/news' } as const;
  const serving = (attempt: number): SagaRecord => ({
    ...{ ...own, identity: 'A', protocol: 'full', status: 'Confirmed', attempt },
    data: { relayMemberId: textId(Buffer.from('A')) },
  });
  const removal = told('x.grp.mem.del', { memberId: Buffer.from('A') }, { ref: own, identity: 'A' });

  it('is one job of the attempt, forwarded as the channel', async () => {
    const { decide, jobs, memory } = await decisions({ records: [serving(3)] });
    expect(await decide(removal, removal)).toEqual(['moved', 'ignored', 'moved']);
    expect(memory.records.get('relay_own:A/news')?.status).toBe('Removed');
    expect(jobs).toMatchObject([
      { relayOwnId: 'A/news', identity: 'A', author: 'channel', messageId: 'x.grp.mem.del/3' },
    ]);
    const [forwarded] = decodeBody(jobs[0].element);
    expect(forwarded).toMatchObject({
      value: {
        kind: 'forwarded',
        sender: { kind: 'channel' },
        timeSeconds: 99,
        element: {
          envelope: { message: { event: 'x.grp.mem.del', params: { memberId: Buffer.from('A') } } },
        },
      },
    });
  });

  it('is another one in another attempt', async () => {
    const { decide, jobs, memory } = await decisions({ records: [serving(3)] });
    await decide(removal);
    await memory.commit((unit) => unit.save({ records: [serving(4)] }));
    await decide(removal);
    expect(jobs.map(({ messageId }) => messageId)).toEqual(['x.grp.mem.del/3', 'x.grp.mem.del/4']);
  });
});

describe('who tells an event', () => {
  it('hears what became of it, after the commit', async () => {
    const heard: string[] = [];
    const concluded: EventInput['concluded'] = (outcome) => heard.push(outcome);
    const { decide } = await decisions({ records: [relay('Broken', 1)] });
    const events = ['relay.retry', 'relay.retry', 'nonsense'];
    await decide(...events.map((name) => told(name, {}, { concluded })));
    expect(heard).toEqual(['moved', 'ignored', 'violation']);
    await decide(told('LINK', { relayLinks: [] }, { concluded, ref: { noun: 'group_relay', id: 'none' } }));
    expect(heard.slice(3)).toEqual(['ignored']);
  });

  it('hears it too when a guard said no', async () => {
    const heard: string[] = [];
    const group = { noun: 'group', id: 'news' } as const;
    const chosen = [{ name: 'A', address: '', relayMemberId: '' }];
    const { decide } = await decisions({
      records: [{ ...relay('Ready', 1), ...group, parent: undefined, data: { chosen } }],
    });
    const concluded: EventInput['concluded'] = (outcome) => heard.push(outcome);
    await decide(told('relay.remove', { name: 'A', force: false }, { ref: group, concluded }));
    expect(heard).toEqual(['unmet']);
  });
});
