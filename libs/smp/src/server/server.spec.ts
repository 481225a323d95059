import type { Outgoing } from './outbox';
import type { QueueRequest } from '../commands/command';
import { EMPTY, type Writer } from '../encoding';
import { MAX_LINK_BYTES } from './link';
import { senderIdOf } from './new-queue';
import { writeResponse } from '../commands/response';
import { pack } from '../transport/transmission';
import { contactLink, describeResponse, id, newQueue, publicKey, TestServer } from '../../test/test-server';

const SUB = { kind: 'SUB' } as const;
const LGET = { kind: 'LGET' } as const;
const DEL = { kind: 'DEL' } as const;

describe('NEW', () => {
  test('the same bytes again are the same queue, also after a reload', () => {
    const server = new TestServer();
    const corrId = server.corrId();
    const command = newQueue(1, contactLink('news', corrId));
    const first = server.create('a', command, corrId);
    expect(first.senderId).toEqual(senderIdOf(corrId));
    expect(server.create('b', command, corrId)).toEqual(first);
    server.core.load(server.core.snapshot());
    expect(server.create('c', command, corrId)).toEqual(first);
    expect(server.core.sizes.queues).toBe(1);
  });

  test('again it is refused to a key that RKEY has replaced, and of a queue that is blocked', () => {
    const server = new TestServer();
    const corrId = server.corrId();
    const command = newQueue(1, contactLink('news', corrId));
    const { recipientId, senderId } = server.create('a', command, corrId);
    const again = () => [...server.run('b', EMPTY, command, { corrId }).values()].flat()[0].response;
    const blocked = server.core.begin();
    blocked.operate(senderId, 'blocked reason=spam');
    blocked.commit();
    expect(again()).toEqual({ kind: 'ERR', error: 'BLOCKED reason=spam' });
    const unblocked = server.core.begin();
    unblocked.operate(senderId, 'active');
    unblocked.commit();
    expect(server.ask('a', recipientId, { kind: 'RKEY', keys: [publicKey('x25519', 7)] })).toEqual(['OK']);
    expect(again()).toEqual({ kind: 'ERR', error: 'AUTH' });
  });

  test('again it answers the link id that it asked for, though the link is gone', () => {
    const server = new TestServer();
    const corrId = server.corrId();
    const command = newQueue(1, contactLink('news', corrId));
    const first = server.create('a', command, corrId);
    expect(server.ask('a', first.recipientId, { kind: 'LDEL' })).toEqual(['OK']);
    expect(server.create('a', command, corrId)).toEqual(first);
  });

  test('the same keys with another corrId are another queue', () => {
    const server = new TestServer();
    const first = server.create('a', newQueue(1));
    expect(server.create('a', newQueue(1)).recipientId).not.toEqual(first.recipientId);
    expect(server.core.sizes.queues).toBe(2);
  });

  test('a sender id that does not follow from the corrId is prohibited', () => {
    const server = new TestServer();
    const command = newQueue(1, contactLink('news', id('another')));
    expect(server.ask('a', EMPTY, command)).toEqual(['ERR CMD PROHIBITED']);
    expect(server.core.sizes.queues).toBe(0);
  });

  test('a link id in use is refused', () => {
    const server = new TestServer();
    const corrId = server.corrId();
    server.create('a', newQueue(1, contactLink('news', corrId)), corrId);
    const other = server.corrId();
    const again = server.run('a', EMPTY, newQueue(2, contactLink('news', other)), { corrId: other }).get('a');
    expect(again?.map((item) => describeResponse(item.response))).toEqual(['ERR AUTH']);
  });

  test('with subscription messages arrive at once, without it they wait', () => {
    const server = new TestServer();
    const eager = server.create('a', newQueue(1));
    const patient = server.create('a', newQueue(2, undefined, false));
    server.received('a');
    server.send('b', eager.senderId, 'one');
    server.send('b', patient.senderId, 'two');
    expect(server.received('a')).toEqual(['MSG one']);
  });

  test('the server makes the link id of a messaging queue, and LGET does not answer for it', () => {
    const server = new TestServer();
    const corrId = server.corrId();
    const link = { senderId: senderIdOf(corrId), fixedData: Buffer.from('f'), userData: Buffer.from('u') };
    const { linkId } = server.create('a', newQueue(1, { mode: 'M', link }), corrId);
    expect(linkId).toHaveLength(24);
    expect(server.ask('b', linkId!, LGET)).toEqual(['ERR AUTH']);
  });
});

describe('messages', () => {
  test('one unacknowledged message at a time; ACK brings the next', () => {
    const server = new TestServer();
    const { recipientId, senderId } = server.create('a', newQueue(1));
    server.received('a');
    expect(['one', 'two'].map((text) => server.send('b', senderId, text))).toEqual([['OK'], ['OK']]);
    expect(server.received('a')).toEqual(['MSG one']);
    expect(server.ask('a', recipientId, { kind: 'ACK', msgId: EMPTY })).toEqual(['MSG one']);
    expect(server.ack('a', recipientId)).toEqual(['MSG two']);
    expect(server.ack('a', recipientId)).toEqual(['OK']);
    expect(server.ack('a', recipientId)).toEqual(['ERR NO_MSG']);
  });

  test('SUB answers SOK and then the oldest message, again with the same id', () => {
    const server = new TestServer();
    const { recipientId, senderId } = server.create('a', newQueue(1, undefined, false));
    server.send('b', senderId, 'one');
    const first = server.run('a', recipientId, SUB, { corrId: id('corr') }).get('a')!;
    expect(first.map((item) => describeResponse(item.response))).toEqual(['SOK', 'MSG one']);
    expect(first.map((item) => item.corrId)).toEqual([id('corr'), EMPTY]);
    expect(server.run('a', recipientId, SUB).get('a')![1]).toEqual(first[1]);
  });

  test('takeover: END to the session before, whose ACK no longer counts', () => {
    const server = new TestServer();
    const { recipientId, senderId } = server.create('a', newQueue(1));
    server.send('b', senderId, 'one');
    server.received('a');
    expect(server.ask('c', recipientId, SUB)).toEqual(['SOK', 'MSG one']);
    expect(server.received('a')).toEqual(['END']);
    expect(server.ack('a', recipientId)).toEqual(['ERR NO_MSG']);
    server.core.dropSession('a');
    expect(server.ack('c', recipientId)).toEqual(['OK']);
  });

  test('a dropped session leaves the message for the next', () => {
    const server = new TestServer();
    const { recipientId, senderId } = server.create('a', newQueue(1));
    server.send('b', senderId, 'one');
    server.core.dropSession('a');
    expect(server.core.sizes.subscriptions).toBe(0);
    expect(server.ack('a', recipientId)).toEqual(['ERR NO_MSG']);
    server.received('a');
    expect(server.ask('c', recipientId, SUB)).toEqual(['SOK', 'MSG one']);
    expect(server.received('a')).toEqual([]);
  });

  test('quota: one marker, nothing more until the queue was emptied, marker included', () => {
    const server = new TestServer(3);
    const { recipientId, senderId } = server.create('a', newQueue(1));
    server.received('a');
    const sent = ['1', '2', '3', '4', '5'].flatMap((text) => server.send('b', senderId, text));
    expect(sent).toEqual(['OK', 'OK', 'OK', 'ERR QUOTA', 'ERR QUOTA']);
    expect(server.core.snapshot().messages.map((message) => message.quota)).toEqual([
      false,
      false,
      false,
      true,
    ]);
    const drained = [1, 2, 3].flatMap(() => server.ack('a', recipientId));
    expect(drained).toEqual(['MSG 2', 'MSG 3', 'MSG QUOTA']);
    expect(server.send('b', senderId, '6')).toEqual(['ERR QUOTA']);
    expect(server.ack('a', recipientId)).toEqual(['OK']);
    expect(server.send('b', senderId, '7')).toEqual(['OK']);
  });

  test('a body of 16,048 bytes passes, one more does not; size is looked at before OFF', () => {
    const server = new TestServer();
    const { recipientId, senderId } = server.create('a', newQueue(1));
    expect(server.send('b', senderId, 'x'.repeat(16_048))).toEqual(['OK']);
    expect(server.send('b', senderId, 'x'.repeat(16_049))).toEqual(['ERR LARGE_MSG']);
    expect(server.ask('a', recipientId, { kind: 'OFF' })).toEqual(['OK']);
    expect(server.send('b', senderId, 'x'.repeat(16_049))).toEqual(['ERR LARGE_MSG']);
    expect(server.send('b', senderId, 'x')).toEqual(['ERR AUTH']);
    expect(server.ack('a', recipientId)).toEqual(['OK']);
  });

  test('the trace of a SEND goes out with its message, also from an ACK', () => {
    const server = new TestServer();
    const { recipientId, senderId } = server.create('a', newQueue(1));
    const send = { kind: 'SEND', notify: false, body: EMPTY } as const;
    server.run('b', senderId, send, { trace: 'trace one' });
    server.run('b', senderId, send, { trace: 'trace two' });
    expect(server.inbox.get('a')!.at(-1)!.trace).toBe('trace one');
    server.ack('a', recipientId);
    expect(server.inbox.get('a')!.at(-1)!.trace).toBe('trace two');
  });
});

describe('DEL', () => {
  test('deletes everything, and tells the other subscriber', () => {
    const server = new TestServer();
    const corrId = server.corrId();
    const ids = server.create('a', newQueue(1, contactLink('news', corrId)), corrId);
    server.send('b', ids.senderId, 'one');
    server.received('a');
    expect(server.ask('c', ids.recipientId, DEL)).toEqual(['OK']);
    expect(server.received('a')).toEqual(['DELD']);
    expect(server.core.snapshot()).toEqual({ queues: [], messages: [] });
    expect(server.core.sizes).toEqual({ queues: 0, subscriptions: 0, sessions: 0 });
    for (const entity of [ids.recipientId, ids.senderId, ids.linkId!]) {
      expect(server.ask('a', entity, entity === ids.linkId ? LGET : SUB)).toEqual(['ERR AUTH']);
    }
  });
});

describe('links', () => {
  function withLink() {
    const server = new TestServer();
    const corrId = server.corrId();
    const queue = contactLink('news', corrId);
    const ids = server.create('a', newQueue(1, queue), corrId);
    const set = { kind: 'LSET', ...queue.link!, linkId: ids.linkId!, userData: Buffer.from('new') } as const;
    return { server, ids, set };
  }

  test('LSET replaces the user data, LGET shows it to anybody', () => {
    const { server, ids, set } = withLink();
    expect(server.ask('a', ids.recipientId, set)).toEqual(['OK']);
    expect(server.run('z', ids.linkId!, LGET).get('z')![0].response).toEqual({
      kind: 'LNK',
      senderId: ids.senderId,
      fixedData: set.fixedData,
      userData: Buffer.from('new'),
    });
  });

  test('other fixed data, another link id and the link id of another queue are refused', () => {
    const { server, ids, set } = withLink();
    const other = server.create('a', newQueue(2, { mode: 'C' }));
    const refused = ['ERR AUTH'];
    expect(server.ask('a', ids.recipientId, { ...set, fixedData: Buffer.from('x') })).toEqual(refused);
    expect(server.ask('a', ids.recipientId, { ...set, linkId: id('x') })).toEqual(refused);
    expect(server.ask('a', other.recipientId, set)).toEqual(refused);
    expect(server.ask('a', other.recipientId, { ...set, linkId: id('x') })).toEqual(['OK']);
    expect(server.ask('z', id('x'), LGET)).toEqual(['LNK']);
  });

  test('the longest link data fits the answer to any LGET, longer data is refused', () => {
    const { server, ids, set } = withLink();
    const userData = Buffer.alloc(MAX_LINK_BYTES - set.fixedData.length);
    const tooLong = Buffer.alloc(userData.length + 1);
    expect(server.ask('a', ids.recipientId, { ...set, userData })).toEqual(['OK']);
    const linkId = Buffer.alloc(255);
    const other = server.create('a', newQueue(2, { mode: 'C' }));
    expect(server.ask('a', other.recipientId, { ...set, linkId, userData })).toEqual(['OK']);
    const answers = server.run('z', linkId, LGET, { corrId: Buffer.alloc(255) }).get('z')!;
    expect(answers.map(({ response }) => response.kind)).toEqual(['LNK']);
    const write = (writer: Writer, { corrId, entityId, response }: Outgoing): void =>
      writeResponse(writer.shortString(EMPTY).shortString(corrId).shortString(entityId), response);
    expect(pack(answers, write)).toHaveLength(1);
    expect(server.ask('a', ids.recipientId, { ...set, userData: tooLong })).toEqual(['ERR LARGE_MSG']);
    const corrId = server.corrId();
    const { link } = contactLink('other', corrId) as Extract<QueueRequest, { mode: 'C' }>;
    const long = { ...link!, userData: tooLong, fixedData: set.fixedData };
    const refused = server.run('a', EMPTY, newQueue(3, { mode: 'C', link: long }), { corrId }).get('a')!;
    expect(refused.map(({ response }) => describeResponse(response))).toEqual(['ERR LARGE_MSG']);
  });

  test('LDEL is repeatable and frees the link id', () => {
    const { server, ids, set } = withLink();
    expect(server.ask('a', ids.recipientId, { kind: 'LDEL' })).toEqual(['OK']);
    expect(server.ask('a', ids.recipientId, { kind: 'LDEL' })).toEqual(['OK']);
    expect(server.ask('z', ids.linkId!, LGET)).toEqual(['ERR AUTH']);
    const other = server.create('a', newQueue(2, { mode: 'C' }));
    expect(server.ask('a', other.recipientId, set)).toEqual(['OK']);
    expect(server.run('z', ids.linkId!, LGET).get('z')![0].response).toMatchObject({
      senderId: other.senderId,
    });
  });
});

describe('who may do less than it seems', () => {
  const OFF = { kind: 'OFF' } as const;

  test('OFF does not lift what the operator blocked', () => {
    const server = new TestServer();
    const { recipientId, senderId } = server.create('a', newQueue(1));
    const batch = server.core.begin();
    batch.operate(senderId, 'blocked reason=spam');
    batch.commit();
    expect(server.ask('a', recipientId, OFF)).toEqual(['OK']);
    expect(server.ask('a', recipientId, SUB)).toEqual(['ERR BLOCKED reason=spam']);
    expect(server.send('b', senderId, 'x')).toEqual(['ERR BLOCKED reason=spam']);
  });

  test('RKEY takes no more keys than are worth trying', () => {
    const server = new TestServer();
    const { recipientId } = server.create('a', newQueue(1, { mode: 'C' }));
    const keys = (count: number) => Array.from({ length: count }, (_, index) => publicKey('ed25519', index));
    expect(server.ask('a', recipientId, { kind: 'RKEY', keys: keys(17) })).toEqual(['ERR CMD SYNTAX']);
    expect(server.ask('a', recipientId, { kind: 'RKEY', keys: keys(16) })).toEqual(['OK']);
  });
});
