import type { Station } from './station';
import { bytes, commands } from './stranger-bytes';
import { newKey } from './stranger-keys';

/** Facts 1.6, 2.3: receiving without a subscription, and what QUE tells. */
export function getting(station: () => Station): void {
  describe('GET', () => {
    test('of an empty queue: OK', async () => {
      const a = await station().stranger();
      const queue = await a.create({ subscribe: false });
      expect(await a.own(queue, 'GET')).toBe('OK');
    });

    test('answers the message itself, the same until it is acknowledged; the ACK answers OK only', async () => {
      const [a, b] = await station().strangers(2);
      const queue = await a.create({ subscribe: false });
      await b.send(queue, 'one');
      await b.send(queue, 'two');
      const first = await a.ask(queue.recipientId, 'GET', queue.key);
      expect([queue.text(first), first.entityId]).toEqual(['MSG one', queue.recipientId]);
      expect((await a.ask(queue.recipientId, 'GET', queue.key)).body).toEqual(first.body);
      expect(await a.ack(queue)).toBe('OK');
      expect(await a.ack(queue)).toBe('ERR NO_MSG');
      expect(await a.own(queue, 'GET')).toBe('MSG two');
      expect(await a.rest()).toEqual([]);
    });

    test('does not subscribe', async () => {
      const [a, b] = await station().strangers(2);
      const queue = await a.create({ subscribe: false });
      await a.own(queue, 'GET');
      await b.send(queue, 'hello');
      expect(await a.rest()).toEqual([]);
      expect(await a.own(queue, 'GET')).toBe('MSG hello');
    });

    test('is prohibited where the session is subscribed', async () => {
      const a = await station().stranger();
      const queue = await a.create();
      expect(await a.own(queue, 'GET')).toBe('ERR CMD PROHIBITED');
    });

    test('prohibits SUB in its session, not in another', async () => {
      const [a, b] = await station().strangers(2);
      const queue = await a.create({ subscribe: false });
      await a.own(queue, 'GET');
      expect(await a.own(queue, 'SUB')).toBe('ERR CMD PROHIBITED');
      expect(await b.own(queue, 'SUB')).toBe('SOK');
      expect(await a.rest()).toEqual([]);
    });

    test('and SUB in another session see the same; the getter’s ACK removes it', async () => {
      const [a, b, c] = await station().strangers(3);
      const queue = await a.create();
      await b.send(queue, 'one');
      await b.send(queue, 'two');
      const pushed = await a.push();
      expect((await c.ask(queue.recipientId, 'GET', queue.key)).body).toEqual(pushed.body);
      queue.text(pushed);
      expect(await c.ack(queue)).toBe('OK');
      expect(await a.ack(queue)).toBe('MSG two');
    });

    test('and SUB in another session see the same; the subscriber’s ACK removes it', async () => {
      const [a, b, c] = await station().strangers(3);
      const queue = await a.create();
      await b.send(queue, 'one');
      await b.send(queue, 'two');
      expect(await a.pushed(queue)).toBe('MSG one');
      const first = queue.lastId;
      await c.own(queue, 'GET');
      expect(await a.ack(queue, first)).toBe('MSG two');
      expect(await c.ack(queue, first)).toBe('OK');
      expect(await c.own(queue, 'GET')).toBe('MSG two');
    });
  });

  describe('QUE', () => {
    test('of a new queue', async () => {
      const a = await station().stranger();
      const queue = await a.create({ subscribe: false });
      expect(await a.own(queue, 'QUE')).toBe('INFO {"qiSnd":false,"qiNtf":false,"qiSize":0}');
    });

    test('of one that is secured, subscribed, with a message on its way', async () => {
      const [a, b] = await station().strangers(2);
      const queue = await a.create({ mode: 'M' });
      await b.send(queue, 'one');
      await b.send(queue, 'two');
      await a.pushed(queue);
      await a.own(queue, commands.key(newKey().der));
      const msgId = queue.lastId.toString('base64url');
      expect(await a.info(queue)).toEqual({
        qiSnd: true,
        qiNtf: false,
        qiSub: { qSubThread: 'subThread', qDelivered: msgId },
        qiSize: 2,
        qiMsg: {
          msgId,
          msgTs: expect.stringMatching(/^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) as string,
          msgType: 'message',
        },
      });
    });

    test('of one that was read with GET', async () => {
      const [a, b] = await station().strangers(2);
      const queue = await a.create({ subscribe: false });
      await b.send(queue, 'one');
      await a.own(queue, 'GET');
      const qDelivered = queue.lastId.toString('base64url');
      expect((await a.info(queue)).qiSub).toEqual({
        qSubThread: 'prohibitSub',
        qDelivered,
      });
    });

    test('changes nothing', async () => {
      const [a, b] = await station().strangers(2);
      const queue = await a.create();
      await b.own(queue, 'QUE');
      await a.send(queue, 'hello');
      expect(await a.pushed(queue)).toBe('MSG hello');
      expect(await a.own(queue, bytes('QUE'))).toBe(await a.own(queue, 'QUE'));
    });
  });
}
