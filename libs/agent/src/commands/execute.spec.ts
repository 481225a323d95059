import { command, MemoryStore, save, toyCrypto } from '@chat-relays/simulation';
import { readClientMessage, senderIdOf } from '@chat-relays/smp';
import { textId } from '@chat-relays/wire';
import { Execution, seen } from '../../test/execution';
import { Ends } from '../../test/peers';
import type { Command, NewAim } from './command';
import { keyPair, privateKey } from '../sealing/keys';
import { Opener } from '../sealing/opener';
import { TemporaryError } from '../smp-port';

const ends = new Ends(toyCrypto);
const to = ends.sending;
const element = Buffer.from('{"v":"1","event":"x.ok","params":{}}');
const world = () => new Execution(toyCrypto, new MemoryStore());

const asking = (kind: Command['kind'], more: Partial<Command> = {}): Command =>
  command('a', 1, { kind, peer: to, to, body: element, ...more });

const aim: NewAim = { type: 'r', purpose: 'relay_address', direct: true, data: { name: 'tea' } };
const making = asking('NEW', { noun: 'relay_address', aim });

describe.each([
  ['ACPT', ['SKEY', 'NEW', 'SEND']],
  ['LET', ['SKEY', 'SEND']],
] as const)('%s', (kind, sequence) => {
  it('secures the queue before it sends there, with the key that authorizes what it sends', async () => {
    const execution = world();
    await execution.run(asking(kind));
    expect(execution.server.kinds).toEqual(sequence);
    const [skey] = execution.server.asked('SKEY');
    const [send] = execution.server.asked('SEND');
    const key = keyPair(toyCrypto, to.seed, 'sender');
    expect(skey).toMatchObject({ server: 'smp', key, command: { key: key.publicKey } });
    expect(send).toMatchObject({ server: 'smp', key: privateKey(toyCrypto, to.seed, 'sender') });
    for (const { entityId } of [skey, send]) expect(textId(entityId)).toBe(to.senderId);
  });

  it('says the same key on every try', async () => {
    const execution = world();
    await execution.tries(asking(kind), [1, 3, 5]);
    const keys = execution.server.asked('SKEY').map(seen);
    expect(keys.length).toBeGreaterThan(2);
    expect(new Set(keys).size).toBe(1);
    for (const { key } of [...execution.server.asked('SKEY'), ...execution.server.asked('SEND')]) {
      expect(key).toMatchObject(privateKey(toyCrypto, to.seed, 'sender'));
    }
  });

  it('sends nothing to a queue that somebody else secured', async () => {
    const execution = world();
    execution.server.answers = (asked) => (asked === 'SKEY' ? { kind: 'ERR', error: 'AUTH' } : undefined);
    expect(await execution.run(asking(kind))).toEqual({ name: 'ERR', facts: { reason: 'SKEY: AUTH' } });
    // a try before this one may have made a queue: it is not forgotten
    expect(execution.server.kinds).toEqual(kind === 'ACPT' ? ['SKEY', 'NEW', 'DEL'] : ['SKEY']);
  });

  it('is refused where the peer gave no queue, and nobody is asked', async () => {
    const execution = world();
    const reason = 'the peer gave no queue to send to';
    expect(await execution.run(asking(kind, { to: undefined }))).toEqual({ name: 'ERR', facts: { reason } });
    expect(execution.server.requests).toEqual([]);
  });

  it('begins the queue: its message says the key, and has no number', async () => {
    const execution = world();
    const reply = await execution.run(asking(kind));
    const [{ command: sent }] = execution.server.asked('SEND');
    const { body, received, integrity, kind: what } = ends.read(sent.body, ends.fresh);
    expect({ what, body, integrity }).toEqual({ what: 'confirmation', body: element, integrity: undefined });
    expect(received).toMatchObject({ peerDhKey: ends.senderDhKey });
    expect(reply.sent).toBeUndefined();
  });
});

describe('the queue to reply to', () => {
  it('comes with ACPT, with the key that the reply is sealed for; LET has none', async () => {
    const execution = world();
    const { queue } = await execution.run(asking('ACPT'));
    await execution.run(asking('LET'));
    const [accepted, allowed] = execution.server
      .asked('SEND')
      .map(({ command: sent }) => ends.read(sent.body));
    expect(accepted.peer).toEqual({
      server: 'smp-own',
      senderId: textId(senderIdOf(queue!.recipientId)),
      dhKey: keyPair(toyCrypto, queue!.seed, 'recipient dh').publicKey,
    });
    expect(queue).toMatchObject({ purpose: 'connection', seed: making.seed, received: { id: 0 } });
    expect(queue).not.toHaveProperty('peerDhKey');
    expect(allowed.peer).toBeUndefined();
  });

  it('is one queue, however often ACPT and JOIN are tried', async () => {
    const execution = world();
    const { facts } = await execution.run(making);
    const joining = asking('JOIN', { aim: facts as { link: string }, seed: Buffer.alloc(32, 3) });
    for (const asked of [joining, asking('ACPT')]) {
      const before = execution.server.asked('NEW').length;
      await execution.tries(asked, [2, 5, 6]);
      const queues = execution.server.asked('NEW').slice(before).map(seen);
      expect(queues.length).toBeGreaterThan(1);
      expect(new Set(queues).size).toBe(1);
    }
  });
});

describe('JOIN', () => {
  it('reads the link, makes a queue, and says both to whoever reads the queue of the link', async () => {
    const execution = world();
    const { facts, queue: address } = await execution.run(making);
    const joining = asking('JOIN', { aim: facts as { link: string }, seed: Buffer.alloc(32, 3) });
    const { name, queue } = await execution.run(joining);
    expect({ name, kinds: execution.server.kinds }).toEqual({
      name: 'JOINED',
      kinds: ['NEW', 'LGET', 'NEW', 'SEND'],
    });
    const [{ command: sent, key, entityId }] = execution.server.asked('SEND');
    // nobody secures a contact queue
    expect(key).toBeUndefined();
    expect(entityId).toEqual(senderIdOf(address!.recipientId));
    // the same seed
    const contact = new Ends(toyCrypto, 1, 'relay_address', 'relay_address');
    const opened = new Opener(toyCrypto).open(contact.receiving, contact.message(sent.body));
    expect(opened).toMatchObject({
      is: 'delivered',
      delivered: {
        kind: 'invitation',
        body: element,
        peer: {
          server: 'smp-own',
          senderId: textId(senderIdOf(queue!.recipientId)),
          dhKey: Buffer.from(keyPair(toyCrypto, joining.seed, 'recipient dh').publicKey),
        },
      },
    });
  });

  it('asks with one key, however often it is tried', async () => {
    const execution = world();
    const { facts } = await execution.run(making);
    const joining = asking('JOIN', { aim: facts as { link: string }, seed: Buffer.alloc(32, 3) });
    await execution.tries(joining, [3, 6]);
    const keys = execution.server.asked('SEND').map(({ command: sent }) => {
      const read = readClientMessage(sent.body);
      return read.ok && Buffer.from(read.value.senderDhKey!);
    });
    const { publicKey } = keyPair(toyCrypto, joining.seed, 'sender dh');
    expect(keys).toEqual(Array<Uint8Array>(3).fill(Buffer.from(publicKey)));
  });

  it('leaves no queue where the link is not read, not even one of an earlier try', async () => {
    const execution = world();
    const { facts } = await execution.run(making);
    execution.server.alters = (link) => ({ ...link, senderId: Buffer.alloc(24) });
    expect((await execution.run(asking('JOIN', { aim: facts as { link: string } }))).name).toBe('ERR');
    expect(execution.server.kinds).toEqual(['NEW', 'LGET', 'NEW', 'DEL']);
  });
});

describe('SEND', () => {
  it('sends the next message, authorized, and answers how far that is', async () => {
    const execution = world();
    const { name, sent } = await execution.run(asking('SEND'));
    const [{ command: asked, key, entityId, server: at }] = execution.server.asked('SEND');
    expect({ name, at, kinds: execution.server.kinds }).toEqual({ name: 'SENT', at: 'smp', kinds: ['SEND'] });
    expect(key).toEqual(privateKey(toyCrypto, to.seed, 'sender'));
    expect(textId(entityId)).toBe(to.senderId);
    const { body, received, integrity } = ends.read(asked.body);
    expect({ body, integrity }).toEqual({ body: element, integrity: { is: 'ok' } });
    expect(sent).toEqual({ server: 'smp', senderId: to.senderId, position: received!.position });
  });

  it('that the queue cannot take for now is tried again; one that is refused is not', async () => {
    const execution = world();
    execution.server.answers = () => ({ kind: 'ERR', error: 'QUOTA' });
    await expect(execution.run(asking('SEND'))).rejects.toThrow(TemporaryError);
    execution.server.answers = () => ({ kind: 'ERR', error: 'AUTH' });
    expect(await execution.run(asking('SEND'))).toEqual({ name: 'ERR', facts: { reason: 'SEND: AUTH' } });
  });

  it('that is too long is refused with its size, and nobody is asked', async () => {
    const execution = world();
    const { name, facts } = await execution.run(asking('SEND', { body: Buffer.alloc(16_000) }));
    const reason = expect.stringMatching(/^an envelope of 160\d\d bytes; at most 15901 fit$/);
    expect({ name, facts }).toEqual({ name: 'ERR', facts: { reason } });
    expect(execution.server.requests).toEqual([]);
  });
});

describe('a queue to reply to that nobody will hear of', () => {
  const link = async (execution: Execution) => (await execution.run(making)).facts as { link: string };
  const cases = async (execution: Execution) => [
    asking('ACPT'),
    asking('JOIN', { aim: await link(execution), seed: Buffer.alloc(32, 3) }),
  ];

  it('is deleted when what should say it is refused for good', async () => {
    const execution = world();
    for (const asked of await cases(execution)) {
      const before = execution.server.requests.length;
      execution.server.answers = (kind) => (kind === 'SEND' ? { kind: 'ERR', error: 'AUTH' } : undefined);
      expect(await execution.run(asked)).toEqual({ name: 'ERR', facts: { reason: 'SEND: AUTH' } });
      const since = execution.server.requests.slice(before);
      expect(since.at(-1)).toMatchObject({
        ...{ command: { kind: 'DEL' }, server: 'smp-own', entityId: made(since).corrId },
        key: privateKey(toyCrypto, asked.seed, 'recipient'),
      });
    }
  });

  it('is deleted, too, when an earlier try made it and lost the answer', async () => {
    const execution = world();
    const [asked] = await cases(execution);
    execution.server.answers = (kind) => (kind === 'SKEY' ? { kind: 'ERR', error: 'AUTH' } : undefined);
    await execution.run({ ...asked, tries: 1 });
    expect(execution.server.kinds.slice(-3)).toEqual(['SKEY', 'NEW', 'DEL']);
    const [{ entityId }] = execution.server.asked('DEL');
    expect(entityId).toEqual(made(execution.server.requests).corrId);
  });

  it('is deleted at what looks like the first try, too: a process that died in it counted none', async () => {
    const execution = world();
    const [asked] = await cases(execution);
    execution.server.answers = (kind) => (kind === 'SKEY' ? { kind: 'ERR', error: 'AUTH' } : undefined);
    expect((await execution.run(asked)).name).toBe('ERR');
    expect(execution.server.kinds.slice(-3)).toEqual(['SKEY', 'NEW', 'DEL']);
  });

  it('stays when it is tried again, and the whole is tried again while it cannot be deleted', async () => {
    const execution = world();
    const [asked] = await cases(execution);
    execution.server.answers = (kind) => (kind === 'SEND' ? { kind: 'ERR', error: 'QUOTA' } : undefined);
    await expect(execution.run(asked)).rejects.toThrow(TemporaryError);
    expect(execution.server.asked('DEL')).toEqual([]);
    execution.server.answers = (kind) =>
      kind === 'SEND' ? { kind: 'ERR', error: 'AUTH' } : kind === 'DEL' ? 'lost' : undefined;
    await expect(execution.run(asked)).rejects.toThrow(TemporaryError);
  });
});

/** The last NEW. */
function made(requests: Execution['server']['requests']) {
  return requests.filter(({ command: { kind } }) => kind === 'NEW').at(-1)!;
}

describe('TAKE', () => {
  const taking = { ...making, noun: 'relay_own', recordId: 'A/news', kind: 'TAKE' } as const;
  const pool = { noun: 'pool_link', id: 'A/pool/1', identity: 'alice' } as const;
  const link = { uri: 'https://smp/g#a', linkId: Buffer.alloc(24, 1), fixedData: Buffer.alloc(9) };

  it('gives a link that is ready, the same one on every try, and asks nobody', async () => {
    const store = new MemoryStore();
    const ready = { ...pool, protocol: 'pooled', status: 'Ready', attempt: 1, data: {} };
    await save(store, {
      records: [ready],
      queues: [{ ...ends.receiving, ...pool, purpose: 'relay_link', link }],
    });
    const execution = new Execution(toyCrypto, store);
    const reply = await execution.run(taking);
    expect(reply).toMatchObject({
      ...{ name: 'INV', facts: { link: link.uri, taken: 'A/pool/1' } },
      queue: { noun: 'relay_own', id: 'A/news', attempt: 1, link },
    });
    expect((await execution.run(taking)).queue).toEqual(reply.queue);
    expect(execution.server.requests).toEqual([]);
  });

  it('says so where none is ready, and makes none: that is a command of its own', async () => {
    const execution = world();
    expect(await execution.run(taking)).toEqual({ name: 'ERR', facts: { reason: 'no link is ready' } });
    expect(execution.server.kinds).toEqual([]);
  });
});
