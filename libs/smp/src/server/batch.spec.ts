import { encodeCommand } from '../commands/command';
import { EMPTY } from '../encoding';
import { describeResponse, id, newQueue, TestServer } from '../../test/test-server';
import type { ReceivedTransmission } from '../transport/transmission';
import { isEmpty } from './server-state';

const SUB = { kind: 'SUB' } as const;
const DEL = { kind: 'DEL' } as const;

function unsigned(corrId: Uint8Array, entityId: Uint8Array, body: string): ReceivedTransmission {
  return { authorization: EMPTY, corrId, entityId, body: Buffer.from(body), authorized: EMPTY };
}

describe('what is no proper command', () => {
  const cases: [string, Uint8Array, string, string][] = [
    ['PING with entity', id('x'), 'PING', 'ERR CMD HAS_AUTH'],
    ['PING', EMPTY, 'PING', 'PONG'],
    ['SEND to nobody', EMPTY, 'SEND F x', 'ERR CMD NO_ENTITY'],
    ['SEND to an unknown id', id('x'), 'SEND F x', 'ERR AUTH'],
    ['LGET of nothing', EMPTY, 'LGET', 'ERR CMD NO_ENTITY'],
    ['SUB of nothing', EMPTY, 'SUB', 'ERR CMD NO_AUTH'],
    ['SUB without authorization', id('x'), 'SUB', 'ERR CMD NO_AUTH'],
    ['an unknown command', id('x'), 'GO', 'ERR CMD UNKNOWN'],
    ['a wrong parameter', id('x'), 'SUB x', 'ERR CMD SYNTAX'],
  ];
  test.each(cases)('%s', (_name, entityId, body, expected) => {
    const server = new TestServer();
    const batch = server.core.begin();
    const corrId = id('corr');
    batch.apply(server.session('a'), unsigned(corrId, entityId, body));
    const [outgoing] = batch.commit().get('a')!;
    expect(describeResponse(outgoing.response)).toBe(expected);
    expect(outgoing).toMatchObject({ corrId, entityId });
  });

  test('NEW with an entity', () => {
    expect(new TestServer().ask('a', id('x'), newQueue(1))).toEqual(['ERR CMD HAS_AUTH']);
  });

  test('ids of one kind are unknown as another', () => {
    const server = new TestServer();
    const ids = server.create('a', newQueue(1));
    expect(server.ask('a', ids.senderId, SUB)).toEqual(['ERR AUTH']);
    expect(server.send('a', ids.recipientId, 'x')).toEqual(['ERR AUTH']);
  });
});

describe('batches', () => {
  test('nothing is visible before the commit; a discarded batch leaves nothing', () => {
    const server = new TestServer();
    const { recipientId, senderId } = server.create('a', newQueue(1));
    const before = server.core.snapshot();
    const batch = server.core.begin();
    batch.apply(
      server.session('b'),
      server.transmission('b', senderId, { kind: 'SEND', notify: false, body: EMPTY }, id('1')),
    );
    batch.apply(server.session('b'), server.transmission('b', EMPTY, newQueue(2), id('2')));
    batch.apply(server.session('b'), server.transmission('b', recipientId, DEL, id('3')));
    expect(server.core.snapshot()).toEqual(before);
    const answers = batch.discard();
    expect([...answers.keys()]).toEqual(['b']);
    expect(answers.get('b')!.map((item) => [item.corrId, describeResponse(item.response)])).toEqual([
      [id('1'), 'ERR STORE not committed'],
      [id('2'), 'ERR STORE not committed'],
      [id('3'), 'ERR STORE not committed'],
    ]);
    expect(server.core.snapshot()).toEqual(before);
    expect(server.core.sizes.subscriptions).toBe(1);
  });

  test('a session dropped while a batch is open is dropped when it ends', () => {
    const server = new TestServer();
    const { recipientId } = server.create('a', newQueue(1, undefined, false));
    const batch = server.core.begin();
    batch.apply(server.session('a'), server.transmission('a', recipientId, SUB, id('1')));
    server.core.dropSession('a');
    batch.commit();
    expect(server.core.sizes.subscriptions).toBe(0);
  });

  test('a second batch is refused while one is open, and an ended one stays ended', () => {
    const server = new TestServer();
    const batch = server.core.begin();
    expect(() => server.core.begin()).toThrow('a batch is open');
    expect(() => server.core.load({ queues: [], messages: [] })).toThrow('a batch is open');
    batch.commit();
    expect(() => batch.commit()).toThrow('the batch has ended');
  });

  test('changes are net: what came and went in one batch is not stored', () => {
    const server = new TestServer();
    const { recipientId, senderId } = server.create('a', newQueue(1, undefined, false));
    const batch = server.core.begin();
    batch.apply(server.session('a'), server.transmission('a', recipientId, SUB, id('1')));
    expect(isEmpty(batch.changes)).toBe(true);
    batch.apply(
      server.session('b'),
      server.transmission('b', senderId, { kind: 'SEND', notify: false, body: EMPTY }, id('2')),
    );
    expect(batch.changes.addedMessages).toHaveLength(1);
    expect(batch.changes.putQueues).toEqual([]);
    batch.apply(server.session('a'), server.transmission('a', recipientId, DEL, id('3')));
    expect(batch.changes).toEqual({
      putQueues: [],
      deletedQueues: [recipientId],
      addedMessages: [],
      removedMessages: [],
    });
    batch.commit();
  });
});

test('what a server keeps does not hold on to the payload it came in', () => {
  const server = new TestServer();
  const { senderId } = server.create('a', newQueue(1));
  const payload = Buffer.concat([encodeCommand({ kind: 'SEND', notify: false, body: Buffer.from('hello') })]);
  const batch = server.core.begin();
  batch.apply(server.session('b'), { ...unsigned(id('1'), senderId, ''), body: payload });
  payload.fill(0);
  const delivered = batch.commit().get('a')!;
  expect(delivered.map((item) => describeResponse(item.response))).toEqual(['MSG hello']);
});
