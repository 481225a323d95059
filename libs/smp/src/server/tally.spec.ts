import { id, newQueue, publicKey, TestServer } from '../../test/test-server';
import { EMPTY } from '../encoding';
import type { Command } from '../commands/command';
import type { Tally } from './tally';

const SUB = { kind: 'SUB' } as const;
const GET = { kind: 'GET' } as const;
const DEL = { kind: 'DEL' } as const;

const server = new TestServer(1);

/** What a batch of these commands counts, of what is not 0. */
function counted(session: string, ...commands: [Uint8Array, Command][]): Partial<Tally> {
  const batch = server.core.begin();
  for (const [entityId, command] of commands) {
    batch.apply(server.session(session), server.transmission(session, entityId, command, server.corrId()));
  }
  batch.commit();
  return Object.fromEntries(Object.entries(batch.tally).filter(([, count]) => count !== 0));
}

const send = { kind: 'SEND', notify: false, body: EMPTY } as const;
function delivered(recipientId: Uint8Array): { qDelivered?: string } {
  const [info] = server.run('x', recipientId, { kind: 'QUE' }).get('x')!;
  return (info.response.kind === 'INFO' && info.response.info.qiSub) || {};
}

const ack = (recipientId: Uint8Array): [Uint8Array, Command] => {
  const { qDelivered = '' } = delivered(recipientId);
  return [recipientId, { kind: 'ACK', msgId: Buffer.from(qDelivered, 'base64url') }];
};

test('creates, secures and deletes, each once', () => {
  const corrId = server.corrId();
  expect(counted('a', [EMPTY, newQueue(1)], [EMPTY, newQueue(2)])).toEqual({ created: 2 });
  const batch = server.core.begin();
  for (const _ of [1, 2]) {
    batch.apply(server.session('a'), server.transmission('a', EMPTY, newQueue(3), corrId));
  }
  batch.commit();
  expect(batch.tally.created).toBe(1);
  const [open, secured] = [server.create('a', newQueue(4)), server.create('a', newQueue(5))];
  const key = { kind: 'KEY', key: publicKey('x25519', 50) } as const;
  expect(counted('a', [secured.recipientId, key], [secured.recipientId, key])).toEqual({ secured: 1 });
  expect(counted('a', [open.recipientId, DEL], [secured.recipientId, DEL], [open.recipientId, DEL])).toEqual({
    deletedNew: 1,
    deletedSecured: 1,
  });
});

test('tells SUB from a repeated one, and what is refused is neither', () => {
  const { recipientId } = server.create('a', newQueue(6, undefined, false));
  expect(counted('sub', [recipientId, SUB], [recipientId, SUB], [id('none'), SUB])).toEqual({
    subscribed: 1,
    repeatedSub: 1,
  });
  expect(counted('other', [recipientId, SUB])).toEqual({ subscribed: 1 });
  const { recipientId: got } = server.create('a', newQueue(7, undefined, false));
  expect(counted('a', [got, GET], [got, SUB])).toEqual({});
});

test('what was received, by GET or not; markers and messages that are shown again are not', () => {
  const { recipientId, senderId } = server.create('a', newQueue(8, undefined, false));
  counted('b', [senderId, send], [senderId, send]);
  expect(counted('sub', [recipientId, SUB])).toEqual({ subscribed: 1 });
  expect(counted('sub', [recipientId, { kind: 'ACK', msgId: EMPTY }])).toEqual({});
  expect(counted('sub', ack(recipientId))).toEqual({ received: 1 });
  expect(counted('sub', ack(recipientId))).toEqual({});
  const other = server.create('a', newQueue(9, undefined, false));
  counted('b', [other.senderId, send]);
  expect(counted('get', [other.recipientId, GET], [other.recipientId, GET])).toEqual({ repeatedGet: 1 });
  expect(counted('get', ack(other.recipientId))).toEqual({ received: 1, receivedByGet: 1 });
});

test('the operator sees a queue by its sender id, and not by its recipient id', () => {
  const { recipientId, senderId } = server.create('a', newQueue(10));
  expect(server.core.queueOf(senderId)?.row.recipientId).toEqual(recipientId);
  expect(server.core.queueOf(recipientId)).toBeUndefined();
  const batch = server.core.begin();
  expect([batch.operate(senderId, undefined), batch.operate(senderId, undefined)]).toEqual([true, false]);
  batch.commit();
  expect(batch.tally.deletedNew).toBe(1);
});
