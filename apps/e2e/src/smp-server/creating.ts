import { createHash, randomBytes } from 'node:crypto';
import type { Station } from './station';
import { told } from './stranger';
import { bytes, commands, Fields, NONE, senderIdFor, short } from './stranger-bytes';
import { newKey, type KeyKind } from './stranger-keys';
import { Queue, type QueueWish } from './stranger-queue';

/** Facts 1.4, 1.6: NEW. */
export function creating(station: () => Station): void {
  const make = async (wish: QueueWish): Promise<string> => {
    const queue = new Queue(wish);
    const stranger = await station().stranger();
    return stranger.tell(NONE, queue.command, queue.key, { corrId: queue.corrId });
  };

  test.each<KeyKind>(['x25519', 'ed25519', 'ed448'])(
    'NEW with a key of %s, which then authorizes SUB',
    async (kind) => {
      const a = await station().stranger();
      const queue = await a.create({ key: newKey(kind) });
      expect(await a.own(queue, 'SUB')).toBe('SOK');
    },
  );

  test.each([undefined, 'M', 'C'] as const)(
    'NEW of mode %s: IDS says it, with ids of 24 bytes',
    async (mode) => {
      const a = await station().stranger();
      const queue = await a.create({ mode });
      expect([queue.mode, queue.linkId]).toEqual([mode, NONE]);
      expect([queue.recipientId.length, queue.senderId.length]).toEqual([24, 24]);
      expect(queue.recipientId).not.toEqual(queue.senderId);
    },
  );

  test('IDS comes with the corrId and without an entity', async () => {
    const a = await station().stranger();
    const queue = new Queue({});
    const heard = await a.ask(NONE, queue.command, queue.key, { corrId: queue.corrId });
    expect([heard.corrId, heard.entityId, told(heard)]).toEqual([queue.corrId, NONE, 'IDS']);
  });

  test('S subscribes: a message comes at once', async () => {
    const [a, b] = await station().strangers(2);
    const queue = await a.create({ subscribe: true });
    await b.send(queue, 'hello');
    expect(await a.pushed(queue)).toBe('MSG hello');
  });

  test('C does not: a message waits for SUB', async () => {
    const [a, b] = await station().strangers(2);
    const queue = await a.create({ subscribe: false });
    await b.send(queue, 'hello');
    expect(await a.rest()).toEqual([]);
    expect(await a.own(queue, 'SUB')).toBe('SOK');
    expect(await a.pushed(queue)).toBe('MSG hello');
  });

  test('a messaging queue with a link: the sender id is ours, the link id the server’s', async () => {
    const a = await station().stranger();
    const queue = await a.create({ mode: 'M', link: {} });
    expect(queue.senderId).toEqual(queue.link?.senderId);
    expect(queue.linkId).toHaveLength(24);
  });

  test('a contact queue with a link: both ids are ours', async () => {
    const a = await station().stranger();
    const queue = await a.create({ mode: 'C', link: {} });
    expect([queue.senderId, queue.linkId]).toEqual([queue.link?.senderId, queue.link?.linkId]);
  });

  test.each(['M', 'C'] as const)(
    'mode %s: a sender id that is not of the corrId is prohibited',
    async (mode) => {
      const senderId = senderIdFor(randomBytes(24));
      expect(await make({ mode, link: { senderId } })).toBe('ERR CMD PROHIBITED');
    },
  );

  test('the sender id is of SHA3-384, not of SHA3-256', async () => {
    const corrId = randomBytes(24);
    const senderId = createHash('sha3-256').update(corrId).digest().subarray(0, 24);
    expect(await make({ mode: 'C', corrId, link: { senderId } })).toBe('ERR CMD PROHIBITED');
  });

  test('a password that nobody asked for does no harm', async () => {
    expect(await make({ password: 'open sesame' })).toBe('IDS');
  });

  test('a notifier is prohibited', async () => {
    const a = await station().stranger();
    const key = newKey();
    const notifier = bytes(short(newKey('ed25519').der), short(key.der));
    const command = commands.new({ key: key.der, dhKey: key.der, notifier });
    expect(await a.tell(NONE, command, key)).toBe('ERR CMD PROHIBITED');
  });

  test('a DH key of low order cannot be sealed for', async () => {
    const a = await station().stranger();
    const key = newKey();
    const dhKey = bytes(key.der.subarray(0, 12), Buffer.alloc(32));
    expect(await a.tell(NONE, commands.new({ key: key.der, dhKey }), key)).toBe('ERR CRYPTO');
  });

  test('NEW that its key did not authorize', async () => {
    const a = await station().stranger();
    const queue = new Queue({});
    expect(await a.tell(NONE, queue.command, newKey())).toBe('ERR AUTH');
  });

  describe('again', () => {
    test.each<[string, QueueWish]>([
      ['without mode', {}],
      ['messaging', { mode: 'M', link: {} }],
      ['contact', { mode: 'C', link: {} }],
    ])('the same bytes are the same queue, in any session: %s', async (_, wish) => {
      const [a, b] = await station().strangers(2);
      const queue = await a.create(wish);
      const again = await b.ask(NONE, queue.command, queue.key, { corrId: queue.corrId });
      const [recipientId, senderId] = [queue.recipientId, queue.senderId];
      queue.created(again.body);
      expect([queue.recipientId, queue.senderId]).toEqual([recipientId, senderId]);
    });

    test('answers the same bytes', async () => {
      const a = await station().stranger();
      const { command, key, corrId } = new Queue({ mode: 'C', link: {} });
      const first = await a.ask(NONE, command, key, { corrId });
      expect(await a.ask(NONE, command, key, { corrId })).toEqual(first);
    });

    test('with S takes the subscription over, and redelivers', async () => {
      const [a, b, c] = await station().strangers(3);
      const queue = await a.create();
      await c.send(queue, 'hello');
      expect(await a.pushed(queue)).toBe('MSG hello');
      await b.ask(NONE, queue.command, queue.key, { corrId: queue.corrId });
      expect(await a.pushed(queue)).toBe('END');
      expect(await b.pushed(queue)).toBe('MSG hello');
    });

    test('with another corrId it is another queue', async () => {
      const a = await station().stranger();
      const queue = await a.create();
      const other = await a.ask(NONE, queue.command, queue.key);
      expect(new Fields(other.body.subarray(4)).short()).not.toEqual(queue.recipientId);
    });

    test('with the corrId and other bytes it is a collision of sender ids', async () => {
      const a = await station().stranger();
      const { corrId } = await a.create({ mode: 'C', link: {} });
      expect(await make({ mode: 'C', corrId, link: {} })).toBe('ERR AUTH');
      expect(await make({ mode: 'M', corrId, link: {} })).toBe('ERR AUTH');
    });

    test('with a link, under another corrId, it is prohibited', async () => {
      const a = await station().stranger();
      const queue = await a.create({ mode: 'C', link: {} });
      expect(await a.tell(NONE, queue.command, queue.key)).toBe('ERR CMD PROHIBITED');
    });

    test('needs the key again', async () => {
      const a = await station().stranger();
      const { command, corrId } = await a.create();
      expect(await a.tell(NONE, command, newKey(), { corrId })).toBe('ERR AUTH');
    });

    test('is refused to a key that RKEY has replaced: it would be subscribed', async () => {
      const [a, b] = await station().strangers(2);
      const queue = await a.create({ mode: 'C' });
      const { command, key, corrId } = queue;
      await a.own(queue, commands.rkey(newKey().der));
      expect(await b.tell(NONE, command, key, { corrId })).toBe('ERR AUTH');
      expect(await a.rest()).toEqual([]);
    });

    test('answers the same when the link is gone meanwhile', async () => {
      const a = await station().stranger();
      const queue = new Queue({ mode: 'C', link: {} });
      const ask = () => a.ask(NONE, queue.command, queue.key, { corrId: queue.corrId });
      const first = await ask();
      queue.created(first.body);
      await a.own(queue, 'LDEL');
      expect(await ask()).toEqual(first);
    });

    test('after DEL it is a new queue', async () => {
      const a = await station().stranger();
      const queue = await a.create({ mode: 'C', link: {} });
      const before = queue.recipientId;
      expect(await a.own(queue, 'DEL')).toBe('OK');
      queue.created((await a.ask(NONE, queue.command, queue.key, { corrId: queue.corrId })).body);
      expect(queue.recipientId).not.toEqual(before);
    });
  });

  test('a link id in use is a collision', async () => {
    const a = await station().stranger();
    const { linkId } = await a.create({ mode: 'C', link: {} });
    expect(await make({ mode: 'C', link: { linkId } })).toBe('ERR AUTH');
  });

  test('a link id that the server made is a collision too', async () => {
    const a = await station().stranger();
    const { linkId } = await a.create({ mode: 'M', link: {} });
    expect(await make({ mode: 'C', link: { linkId } })).toBe('ERR AUTH');
  });

  test('link data of 60,000 bytes, and one more', async () => {
    const link = (size: number) => ({ fixed: Buffer.alloc(2048), user: Buffer.alloc(size - 2048) });
    expect(await make({ mode: 'C', link: link(60_000) })).toBe('IDS');
    expect(await make({ mode: 'C', link: link(60_001) })).toBe('ERR LARGE_MSG');
  });

  test('fifty NEWs in one block are fifty queues', async () => {
    const a = await station().stranger();
    const queues = Array.from({ length: 50 }, () => new Queue({ mode: 'M' }));
    const said = queues.map(({ command, key, corrId }) => a.say(NONE, command, key, { corrId }));
    const ids = (await a.askAll(said)).map(({ body }) => body.toString('hex'));
    expect(new Set(ids).size).toBe(50);
  });
}
