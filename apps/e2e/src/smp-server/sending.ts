import { randomBytes } from 'node:crypto';
import { QUOTA, type Station } from './station';
import type { Stranger } from './stranger';
import { commands } from './stranger-bytes';
import { newKey } from './stranger-keys';
import type { Queue } from './stranger-queue';

const SEALED_BYTES = 16_122;

/** Facts 1.6, 1.7, 1.8, 2.2: SEND, what MSG carries, the quota, OFF and DEL. */
export function sending(station: () => Station): void {
  const next = async (recipient: Stranger, queue: Queue) => queue.open((await recipient.push()).body);

  test.each([
    ['empty', Buffer.alloc(0)],
    ['one byte', Buffer.alloc(1)],
    ['text with spaces', Buffer.from('SEND F  a b ')],
    ['random', randomBytes(5_000)],
    ['the largest', randomBytes(16_048)],
  ])('a body arrives as it was, padded so that nobody sees its size: %s', async (_, body) => {
    const [a, b] = await station().strangers(2);
    const queue = await a.create();
    expect(await b.send(queue, body)).toBe('OK');
    const message = await next(a, queue);
    expect(message.body).toEqual(body);
    expect(message.sealed).toHaveLength(SEALED_BYTES);
    expect(message.msgId).toHaveLength(24);
  });

  test('one byte more is too large, also for a queue that is off', async () => {
    const [a, b] = await station().strangers(2);
    const queue = await a.create();
    const body = Buffer.alloc(16_049);
    expect(await b.send(queue, body)).toBe('ERR LARGE_MSG');
    await a.own(queue, 'OFF');
    expect(await b.send(queue, body)).toBe('ERR LARGE_MSG');
    expect(await b.send(queue, body, newKey())).toBe('ERR AUTH');
    expect(await a.rest()).toEqual([]);
  });

  test.each(['T', 'F'])('the flag %s and the time of the server are in the message', async (flag) => {
    const [a, b] = await station().strangers(2);
    const queue = await a.create();
    const before = Math.floor(Date.now() / 1000);
    await b.tell(queue.senderId, commands.send('hello', flag));
    const message = await next(a, queue);
    expect(message.flag).toBe(flag);
    expect(message.timestamp).toBeGreaterThanOrEqual(before);
    expect(message.timestamp).toBeLessThanOrEqual(Date.now() / 1000);
  });

  test('seven reserved bytes after the flag are ignored, eight are not', async () => {
    const [a, b] = await station().strangers(2);
    const queue = await a.create();
    expect(await b.tell(queue.senderId, commands.send('hello', 'Tabcdefg'))).toBe('OK');
    expect(await next(a, queue)).toMatchObject({ flag: 'T', body: Buffer.from('hello') });
    expect(await b.tell(queue.senderId, commands.send('hello', 'Tabcdefgh'))).toBe('ERR CMD SYNTAX');
  });

  test('the same transmission twice is two messages', async () => {
    const [a, b] = await station().strangers(2);
    const queue = await a.create();
    const said = b.say(queue.senderId, commands.send('hello'));
    await b.askAll([said]);
    await b.askAll([said]);
    const first = await next(a, queue);
    expect(await a.ack(queue, first.msgId)).toBe('MSG hello');
    expect(queue.lastId).not.toEqual(first.msgId);
  });

  test('equal messages are sealed to different bytes', async () => {
    const [a, b] = await station().strangers(2);
    const queue = await a.create();
    await b.send(queue, 'hello');
    await b.send(queue, 'hello');
    const first = await next(a, queue);
    const second = queue.open((await a.ask(queue.recipientId, commands.ack(first.msgId), queue.key)).body);
    expect(second.body).toEqual(first.body);
    expect(second.sealed.subarray(16)).not.toEqual(first.sealed.subarray(16));
  });

  test('messages come in the order in which they were sent', async () => {
    const [a, b] = await station().strangers(2);
    const queue = await a.create();
    const said = ['1', '2', '3', '4'].map((body) => b.say(queue.senderId, commands.send(body)));
    await b.askAll(said);
    expect(await a.pushed(queue)).toBe('MSG 1');
    for (const body of ['2', '3', '4']) expect(await a.ack(queue)).toBe(`MSG ${body}`);
    expect(await a.ack(queue)).toBe('OK');
  });

  test('two senders race, and both are heard, one by one, in 25 rounds', async () => {
    const [a, b, c] = await station().strangers(3);
    const queue = await a.create();
    for (let round = 0; round < 25; round++) {
      await Promise.all([b.send(queue, 'from b'), c.send(queue, 'from c')]);
      const both = [await a.pushed(queue), await a.ack(queue)].sort();
      expect([both, await a.ack(queue)]).toEqual([['MSG from b', 'MSG from c'], 'OK']);
    }
  });

  describe('a queue that is full', () => {
    async function full(): Promise<{ a: Stranger; b: Stranger; queue: Queue }> {
      const [a, b] = await station().strangers(2);
      const queue = await a.create({ subscribe: false });
      for (let n = 1; n <= QUOTA; n++) expect(await b.send(queue, `${n}`)).toBe('OK');
      expect(await b.send(queue, 'one too many')).toBe('ERR QUOTA');
      return { a, b, queue };
    }
    const size = async (a: Stranger, queue: Queue) => (await a.info(queue)).qiSize;

    test('gets one marker, however many SENDs are refused', async () => {
      const { a, b, queue } = await full();
      expect(await size(a, queue)).toBe(QUOTA + 1);
      expect(await b.send(queue, 'still too many')).toBe('ERR QUOTA');
      expect((await a.info(queue)).qiMsg?.msgType).toBe('message');
      expect(await size(a, queue)).toBe(QUOTA + 1);
    });

    test('takes nothing until the marker was acknowledged, and then again', async () => {
      const { a, b, queue } = await full();
      await a.own(queue, 'SUB');
      expect(await a.pushed(queue)).toBe('MSG 1');
      for (const body of ['2', '3', '4']) {
        expect(await a.ack(queue)).toBe(`MSG ${body}`);
        expect(await b.send(queue, 'not yet')).toBe('ERR QUOTA');
      }
      expect(await a.ack(queue)).toBe('MSG (quota)');
      expect((await a.info(queue)).qiMsg?.msgType).toBe('quota');
      expect(await b.send(queue, 'not yet')).toBe('ERR QUOTA');
      expect(await a.ack(queue)).toBe('OK');
      expect(await b.send(queue, 'now')).toBe('OK');
      expect(await a.pushed(queue)).toBe('MSG now');
      expect(await size(a, queue)).toBe(1);
    });

    test('can be read with GET, the marker too', async () => {
      const { a, queue } = await full();
      const heard: string[] = [];
      for (let n = 0; n <= QUOTA; n++) {
        heard.push(await a.own(queue, 'GET'));
        expect(await a.ack(queue)).toBe('OK');
      }
      expect(heard).toEqual(['MSG 1', 'MSG 2', 'MSG 3', 'MSG 4', 'MSG (quota)']);
      expect(await a.own(queue, 'GET')).toBe('OK');
    });

    test('delivers the marker again with its id and bytes, sealed to the size of all messages', async () => {
      const { a, queue } = await full();
      await a.own(queue, 'SUB');
      await a.pushed(queue);
      for (let n = 2; n <= QUOTA; n++) await a.ack(queue);
      const marker = await a.ask(queue.recipientId, commands.ack(queue.lastId), queue.key);
      await a.own(queue, 'SUB');
      const again = await a.push();
      expect(again.body).toEqual(marker.body);
      expect(queue.open(again.body)).toMatchObject({ quota: true, sealed: { length: SEALED_BYTES } });
    });

    test('fills up a second time, with a marker of its own', async () => {
      const { a, b, queue } = await full();
      await a.own(queue, 'SUB');
      await a.pushed(queue);
      for (let n = 2; n <= QUOTA + 1; n++) await a.ack(queue);
      const first = queue.lastId;
      expect(await a.ack(queue)).toBe('OK');
      for (let n = 1; n <= QUOTA; n++) expect(await b.send(queue, 'again')).toBe('OK');
      expect(await b.send(queue, 'again')).toBe('ERR QUOTA');
      await a.pushed(queue);
      for (let n = 2; n <= QUOTA; n++) await a.ack(queue);
      expect(await a.ack(queue)).toBe('MSG (quota)');
      expect(queue.lastId).not.toEqual(first);
    });

    test('does not fill up while it is read', async () => {
      const [a, b] = await station().strangers(2);
      const queue = await a.create();
      for (let n = 0; n < 3 * QUOTA; n++) {
        expect(await b.send(queue, `${n}`)).toBe('OK');
        expect(await a.pushed(queue)).toBe(`MSG ${n}`);
        expect(await a.ack(queue)).toBe('OK');
      }
    });

    test('is full within one block too', async () => {
      const [a, b] = await station().strangers(2);
      const queue = await a.create();
      const said = Array.from({ length: QUOTA + 2 }, () => b.say(queue.senderId, commands.send('hello')));
      const answers = (await b.askAll(said)).map(({ body }) => body.toString('latin1'));
      expect(answers).toEqual(['OK', 'OK', 'OK', 'OK', 'ERR QUOTA', 'ERR QUOTA']);
    });
  });

  test('OFF: nothing is sent any more, what is there is still received', async () => {
    const [a, b] = await station().strangers(2);
    const queue = await a.create({ subscribe: false });
    await b.send(queue, 'one');
    await b.send(queue, 'two');
    expect(await a.own(queue, 'OFF')).toBe('OK');
    expect(await a.own(queue, 'OFF')).toBe('OK');
    expect(await b.send(queue, 'three')).toBe('ERR AUTH');
    expect(await a.own(queue, 'SUB')).toBe('SOK');
    expect(await a.pushed(queue)).toBe('MSG one');
    expect(await a.ack(queue)).toBe('MSG two');
    expect(await a.ack(queue)).toBe('OK');
    expect(await b.send(queue, 'four')).toBe('ERR AUTH');
  });

  describe('DEL', () => {
    test('deletes: the ids are nobody’s from then on', async () => {
      const [a, b] = await station().strangers(2);
      const queue = await a.create({ mode: 'C', link: {} });
      await b.send(queue, 'hello');
      expect(await a.own(queue, 'DEL')).toBe('OK');
      for (const command of ['DEL', 'SUB', 'GET', 'QUE', 'OFF', 'LDEL', commands.ack(queue.lastId)]) {
        expect(await a.own(queue, command)).toBe('ERR AUTH');
      }
      expect(await b.send(queue, 'hello')).toBe('ERR AUTH');
      expect(await b.tell(queue.linkId, 'LGET')).toBe('ERR AUTH');
    });

    test('is told to the session that is subscribed, when it is another one', async () => {
      const [a, b] = await station().strangers(2);
      const queue = await a.create();
      expect(await b.own(queue, 'DEL')).toBe('OK');
      expect(await a.pushed(queue)).toBe('DELD');
    });

    test('is not told to the session that deletes', async () => {
      const a = await station().stranger();
      const queue = await a.create();
      expect(await a.own(queue, 'DEL')).toBe('OK');
      expect(await a.rest()).toEqual([]);
    });

    test('of a full queue that is off', async () => {
      const [a, b] = await station().strangers(2);
      const queue = await a.create();
      for (let n = 0; n <= QUOTA; n++) await b.send(queue, 'hello');
      await a.own(queue, 'OFF');
      expect(await a.own(queue, 'DEL')).toBe('OK');
    });
  });
}
