import { MemoryMessages, MemoryStore, save, toyCrypto } from '@chat-relays/simulation';
import type { SagaRecord } from '@chat-relays/protocol';
import { encodeBatch, encodeEnvelope, encodeForward } from '@chat-relays/wire';
import { Connection, recordOf, telling } from '../../test/connection';
import { hostOf, silent } from '../../test/peers';
import { confirmation, invitation, peer } from '../../test/speaker';
import { Handler } from './handle';
import type { Changes, Messages } from '../ports';
import { Receiver } from './receive';
import { TemporaryError } from '../smp-port';

const retry = { initialMs: 100, maxMs: 2_000 };
const text = { type: 'text', text: 'hello' } as const;
const post = encodeEnvelope({
  msgId: Buffer.from('bWVzc2FnZS0wMDAx'),
  message: { event: 'x.msg.new', params: { content: text, asGroup: true } },
});
const forward = encodeForward({ kind: 'channel' }, 99, post);
const ok = encodeEnvelope({ message: { event: 'x.ok', params: {} } });
const accepted = encodeEnvelope({
  message: { event: 'x.grp.relay.acpt', params: { relayLink: 'https://smp/r#a' } },
});
const nonsense = Buffer.from('?');

/** `told` is what happened, in order: commits with what they kept, acknowledgements with their numbers. */
async function world(connections: readonly Connection[], records: readonly SagaRecord[] = []) {
  const memory = new MemoryStore();
  await save(memory, { queues: connections.map(({ queue }) => queue), records });
  const told: (Partial<Changes> | { copies: number } | string)[] = [];
  const before: { commit: () => Promise<void> } = { commit: () => Promise.resolve() };
  const store = telling(
    memory,
    () => before.commit(),
    (changes) => told.push(changes),
  );
  const kept = new MemoryMessages((received) => memory.keepReceived(received));
  const messages: Messages = {
    insert: async (copies, received) => {
      await before.commit();
      told.push({ copies: copies.length, received });
      return kept.insert(copies, received);
    },
  };
  const { host, observed, slept } = hostOf(toyCrypto);
  const handler = new Handler({ store, host, retry, ...silent });
  const working: string[] = [];
  const smp = { acknowledge: (block: readonly unknown[]) => void told.push(`ack ${block.length}`) };
  const onJobs = (ids: readonly string[]): void => void working.push(...ids);
  /** as it is when a process starts */
  const start = async () => {
    const receiver = new Receiver({ store, messages, smp, host, handler, retry, onJobs });
    receiver.know(await memory.queues());
    return receiver;
  };
  const queueOf = ({ queue }: Connection) =>
    [...memory.receiveQueues.values()].find(({ id }) => id === queue.id)!;
  const integrity = () => observed.filter(({ what }) => what === 'integrity');
  const refusals = () => observed.filter(({ what }) => what === 'refused');
  const receiver = await start();
  return {
    receiver,
    start,
    memory,
    told,
    before,
    observed,
    slept,
    working,
    kept,
    queueOf,
    integrity,
    refusals,
  };
}

describe('what a message told of its queue is kept with what it said', () => {
  it('an event: in the commit of its record', async () => {
    const connection = new Connection(toyCrypto, 1, 'group_relay');
    const { receiver, told, queueOf } = await world([connection], [recordOf(connection, 'Invited')]);
    await receiver.receive([connection.says(accepted)]);
    const { received, position } = connection;
    expect(told).toMatchObject([{ records: [{ status: 'Accepted' }], received: [received] }, 'ack 1']);
    expect(queueOf(connection).received).toEqual(position);
  });

  it('the first event of several, all in one commit', async () => {
    const connection = new Connection(toyCrypto, 1, 'group_relay');
    const { receiver, told } = await world([connection], [recordOf(connection, 'Invited')]);
    await receiver.receive([connection.says(encodeBatch([ok, nonsense, accepted]))]);
    const { received } = connection;
    expect(told).toEqual([expect.objectContaining({ received: [received] }), 'ack 1']);
    expect(told[0]).toMatchObject({ records: [{ status: 'Accepted' }] });
  });

  it('a confirmation: the key of the peer and the queue to answer to, in the commit of its record', async () => {
    const connection = new Connection(toyCrypto, 1, 'group_relay');
    const { receiver, told, memory, queueOf, start } = await world([], [recordOf(connection, 'Invited')]);
    await save(memory, { queues: [connection.ends.fresh] });
    told.length = 0;
    receiver.know([connection.ends.fresh]);
    await receiver.receive([connection.first(confirmation(undefined, accepted))]);
    const { server, recipientId } = connection.queue;
    expect(told).toMatchObject([
      {
        records: [{ status: 'Accepted', peer: { server: peer.server, senderId: peer.senderId } }],
        sendQueues: [peer],
        received: [{ server, recipientId, peerDhKey: connection.ends.senderDhKey }],
      },
      'ack 1',
    ]);
    expect(queueOf(connection).peerDhKey).toEqual(connection.ends.senderDhKey);
    // the next message does not say the key: this process knows it, and the one that follows
    for (const process of [receiver, await start()]) {
      told.length = 0;
      await process.receive([connection.says(ok)]);
      expect(told).toEqual([{ received: [connection.received] }, 'ack 1']);
    }
  });

  it('a post: in the commit of its delivery job', async () => {
    const connection = new Connection(toyCrypto, 1, 'relay_own');
    const { receiver, told, working, queueOf } = await world(
      [connection],
      [recordOf(connection, 'Confirmed')],
    );
    await receiver.receive([connection.says(post)]);
    const { received, position, queue } = connection;
    expect(told).toMatchObject([{ jobs: [{ relayOwnId: queue.id }], received: [received] }, 'ack 1']);
    expect(told[0]).toHaveProperty('received.length', 1);
    expect(queueOf(connection).received).toEqual(position);
    expect(working).toEqual([queue.id]);
  });

  it('a post for a group that is not served: although there is no job', async () => {
    const connection = new Connection(toyCrypto, 1, 'relay_own');
    const { receiver, told, refusals } = await world([connection], [recordOf(connection, 'New')]);
    await receiver.receive([connection.says(post)]);
    expect(told).toEqual([{ received: [connection.received] }, 'ack 1']);
    expect(refusals()).toMatchObject([{ where: 'x.msg.new', reason: 'this relay does not serve the group' }]);
  });

  it('a forwarded message: in the statement that keeps it', async () => {
    const connection = new Connection(toyCrypto, 1, 'member_connection');
    const { receiver, told, kept, queueOf, observed } = await world([connection]);
    await receiver.receive([connection.says(forward)]);
    expect(told).toEqual([{ copies: 1, received: [connection.received] }, 'ack 1']);
    expect(kept.kept.size).toBe(1);
    expect(queueOf(connection).received).toEqual(connection.position);
    expect(observed).toContainEqual({ what: 'received', messages: 1, duplicates: 0 });
  });

  it('a forwarded message of which another relay says otherwise: both are kept, and the relay is told', async () => {
    const [one, two] = [1, 2].map((number) => new Connection(toyCrypto, number, 'member_connection'));
    const { receiver, kept, observed } = await world([one, two]);
    const lie = Buffer.from(Buffer.from(post).toString().replace('hello', 'farewell'));
    await receiver.receive([one.says(forward)]);
    await receiver.receive([two.says(encodeForward({ kind: 'channel' }, 99, lie))]);
    expect([...kept.kept.values()].map(({ body }) => body)).toEqual([post]);
    expect(kept.divergent.map(({ body }) => body)).toEqual([lie]);
    expect(observed.slice(-2)).toEqual([
      { what: 'received', messages: 0, duplicates: 1 },
      { what: 'diverged', relayLink: '2', kept: 1, dropped: 0 },
    ]);
  });

  it('of a message with content and events: once, with the content', async () => {
    const connection = new Connection(toyCrypto, 1, 'member_connection');
    const { receiver, told } = await world([connection], [recordOf(connection, 'Joined')]);
    await receiver.receive([connection.says(encodeBatch([ok, forward]))]);
    expect(told.filter((one) => typeof one !== 'string' && 'received' in one)).toEqual([
      { copies: 1, received: [connection.received] },
    ]);
    expect(told.at(-1)).toBe('ack 1');
  });

  it('of a message of which nothing was taken: alone', async () => {
    const connection = new Connection(toyCrypto, 1, 'group_relay');
    const { receiver, told, queueOf, refusals } = await world([connection]);
    await receiver.receive([connection.says(nonsense)]);
    expect(told).toEqual([{ received: [connection.received] }, 'ack 1']);
    expect(queueOf(connection).received).toEqual(connection.position);
    expect(refusals()).toHaveLength(1);
  });

  it('nothing, of a request of a stranger', async () => {
    const contact = new Connection(toyCrypto, 1, 'relay_address', 'relay_address');
    const { receiver, told, queueOf, refusals } = await world([contact], [recordOf(contact, 'Created')]);
    const before = queueOf(contact);
    await receiver.receive([contact.first(invitation(ok))]);
    expect(told).toEqual([{}, 'ack 1']);
    expect(queueOf(contact)).toEqual(before);
    expect(refusals()).toMatchObject([{ where: 'contact request' }]);
  });
});

describe('acknowledging', () => {
  const kinds = [
    ['an event', 'group_relay', 'Invited', accepted],
    ['a post', 'relay_own', 'Confirmed', post],
    ['a forwarded message', 'member_connection', 'Joined', forward],
    ['what was not taken', 'group_relay', 'Invited', nonsense],
  ] as const;

  it.each(kinds)('comes after the commit: %s', async (_, noun, status, body) => {
    const connection = new Connection(toyCrypto, 1, noun);
    const { receiver, told, before } = await world([connection], [recordOf(connection, status)]);
    let commit = (): void => undefined;
    before.commit = () => new Promise((resolve) => (commit = resolve));
    const received = receiver.receive([connection.says(body)]);
    await new Promise(setImmediate);
    expect(told).toEqual([]);
    commit();
    await received;
    expect(told).toEqual([expect.objectContaining({ received: [connection.received] }), 'ack 1']);
  });

  it.each(kinds)('waits until the database is there again: %s', async (_, noun, status, body) => {
    const connection = new Connection(toyCrypto, 1, noun);
    const { receiver, told, before, slept } = await world([connection], [recordOf(connection, status)]);
    let left = 3;
    before.commit = async () => {
      if (left-- > 0) throw new TemporaryError('the database is away');
    };
    await receiver.receive([connection.says(body)]);
    expect(slept).toEqual([100, 100, 100]);
    expect(told).toEqual([expect.objectContaining({ received: [connection.received] }), 'ack 1']);
  });

  it.each(kinds)('comes also where it cannot be kept, which is told: %s', async (_, noun, status, body) => {
    const connection = new Connection(toyCrypto, 1, noun);
    const { receiver, told, before, refusals } = await world([connection], [recordOf(connection, status)]);
    before.commit = () => Promise.reject(new Error('not for me'));
    const told0 = refusals().length;
    await receiver.receive([connection.says(body)]);
    expect(told).toEqual(['ack 1']);
    expect(refusals().slice(told0).at(-1)).toMatchObject({ reason: 'not for me' });
  });

  it('is of a whole block, quota markers and refused messages included', async () => {
    const [one, two, three] = [1, 2, 3].map((number) => new Connection(toyCrypto, number, 'group_relay'));
    const { receiver, told, refusals } = await world([one, two, three]);
    const broken = { ...two.says(ok), sealed: Buffer.alloc(40) };
    await receiver.receive([one.ends.quota, broken, three.says(nonsense)]);
    expect(told).toEqual([{ received: [three.received] }, 'ack 3']);
    expect(refusals()).toMatchObject([
      { where: 'server box', reason: 'CRYPTO', purpose: 'connection' },
      { where: 'element 0' },
    ]);
  });

  it('is not for a queue that nobody knows: it comes again when it is known', async () => {
    const connection = new Connection(toyCrypto, 1, 'group_relay');
    const { receiver, told } = await world([]);
    const incoming = connection.says(nonsense);
    await receiver.receive([incoming]);
    expect(told).toEqual(['ack 0']);
  });
});

describe('the order of messages', () => {
  it.each([
    ['by this process', false],
    ['by the one that follows', true],
  ])('one that comes again is reported %s, and handled all the same', async (_, restarted) => {
    const connection = new Connection(toyCrypto, 1, 'member_connection');
    const { receiver, start, integrity, kept, observed, told } = await world([connection]);
    const incoming = connection.says(forward);
    await receiver.receive([incoming]);
    expect(integrity()).toEqual([]);
    await (restarted ? await start() : receiver).receive([incoming]);
    expect(integrity()).toEqual([{ what: 'integrity', result: 'duplicate', noun: 'member_connection' }]);
    expect(kept.kept.size).toBe(1);
    expect(observed).toContainEqual({ what: 'received', messages: 0, duplicates: 1 });
    expect(told.filter((one) => one === 'ack 1')).toHaveLength(2);
  });

  it('a gap is reported with what is missing, and what follows is in order again', async () => {
    const connection = new Connection(toyCrypto, 1, 'group_relay');
    const { receiver, integrity } = await world([connection]);
    await receiver.receive([connection.says(nonsense)]);
    connection.says(nonsense);
    connection.says(nonsense);
    await receiver.receive([connection.says(nonsense)]);
    await receiver.receive([connection.says(nonsense)]);
    expect(integrity()).toEqual([
      { what: 'integrity', result: 'skipped', noun: 'group_relay', from: 2, to: 3 },
    ]);
  });

  it('is not forgotten when a commit of before is told once more', async () => {
    const connection = new Connection(toyCrypto, 1, 'group_relay');
    const { receiver, integrity } = await world([connection]);
    await receiver.receive([connection.says(nonsense)]);
    receiver.know([connection.queue]);
    await receiver.receive([connection.says(nonsense)]);
    expect(integrity()).toEqual([]);
  });
});
