import type { Station } from './station';
import { told } from './stranger';
import { commands, NONE } from './stranger-bytes';
import { newKey } from './stranger-keys';

/** Facts 1.5, 1.6, 2.3: SUB, ACK, takeover. */
export function receiving(station: () => Station): void {
  describe('SUB', () => {
    test('is answered by SOK, not by OK', async () => {
      const a = await station().stranger();
      const queue = await a.create({ subscribe: false });
      const heard = await a.ask(queue.recipientId, 'SUB', queue.key);
      expect([heard.body.toString('latin1'), heard.entityId]).toEqual(['SOK 0', queue.recipientId]);
      expect(await a.rest()).toEqual([]);
    });

    test('brings what waits as a push after it, with an empty corrId and the recipient id', async () => {
      const [a, b] = await station().strangers(2);
      const queue = await a.create({ subscribe: false });
      await b.send(queue, 'hello');
      await a.own(queue, 'SUB');
      const heard = await a.push();
      expect([heard.corrId, heard.entityId, told(heard)]).toEqual([NONE, queue.recipientId, 'MSG']);
      const responses = a.blocks.flat().map(told);
      expect(responses.slice(-2)).toEqual(['SOK', 'MSG']);
    });

    test('again in the same session brings it again, with the same id and the same bytes, and no END', async () => {
      const [a, b] = await station().strangers(2);
      const queue = await a.create();
      await b.send(queue, 'hello');
      const first = await a.push();
      for (let n = 0; n < 3; n++) {
        expect(await a.own(queue, 'SUB')).toBe('SOK');
        expect((await a.push()).body).toEqual(first.body);
      }
      expect(await a.rest()).toEqual([]);
    });

    test('in a new session brings it again, with the same id and the same bytes', async () => {
      const [a, b, c] = await station().strangers(3);
      const queue = await a.create();
      await b.send(queue, 'hello');
      const first = await a.push();
      a.close();
      await c.own(queue, 'SUB');
      expect((await c.push()).body).toEqual(first.body);
    });

    test('after NEW with S is nothing new', async () => {
      const a = await station().stranger();
      const queue = await a.create({ subscribe: true });
      expect(await a.own(queue, 'SUB')).toBe('SOK');
      expect(await a.rest()).toEqual([]);
    });

    test('of many queues in one session', async () => {
      const [a, b] = await station().strangers(2);
      const queues = await Promise.all([1, 2, 3].map(() => a.create()));
      for (const queue of queues) await b.send(queue, 'hello');
      const from = await Promise.all(queues.map(() => a.push()));
      expect(new Set(from.map(({ entityId }) => entityId.toString('hex'))).size).toBe(3);
    });
  });

  describe('one message at a time', () => {
    test('the next comes with the ACK, under its corrId; then OK', async () => {
      const [a, b] = await station().strangers(2);
      const queue = await a.create();
      await b.send(queue, 'one');
      expect(await a.pushed(queue)).toBe('MSG one');
      await b.send(queue, 'two');
      expect(await a.rest()).toEqual([]);
      const heard = await a.ask(queue.recipientId, commands.ack(queue.lastId), queue.key);
      expect([queue.text(heard), heard.entityId]).toEqual(['MSG two', queue.recipientId]);
      expect(await a.ack(queue)).toBe('OK');
    });

    test('after the last ACK the next SEND is pushed', async () => {
      const [a, b] = await station().strangers(2);
      const queue = await a.create();
      for (const body of ['one', 'two', 'three']) {
        await b.send(queue, body);
        expect(await a.pushed(queue)).toBe(`MSG ${body}`);
        expect(await a.ack(queue)).toBe('OK');
      }
    });

    test('sender and recipient may be one session', async () => {
      const a = await station().stranger();
      const queue = await a.create();
      expect(await a.send(queue, 'to myself')).toBe('OK');
      expect(await a.pushed(queue)).toBe('MSG to myself');
    });
  });

  describe('ACK', () => {
    test('of the same message twice: NO_MSG', async () => {
      const [a, b] = await station().strangers(2);
      const queue = await a.create();
      await b.send(queue, 'hello');
      await a.pushed(queue);
      expect([await a.ack(queue), await a.ack(queue)]).toEqual(['OK', 'ERR NO_MSG']);
    });

    test('with the id of another message: NO_MSG, and the message stays', async () => {
      const [a, b] = await station().strangers(2);
      const queue = await a.create();
      await b.send(queue, 'hello');
      await a.pushed(queue);
      expect(await a.ack(queue, Buffer.alloc(24))).toBe('ERR NO_MSG');
      expect(await a.ack(queue, queue.lastId.subarray(1))).toBe('ERR NO_MSG');
      expect(await a.ack(queue)).toBe('OK');
    });

    test('with the id of the message before: NO_MSG, and the next one stays', async () => {
      const [a, b] = await station().strangers(2);
      const queue = await a.create();
      await b.send(queue, 'one');
      await b.send(queue, 'two');
      await a.pushed(queue);
      const first = queue.lastId;
      expect(await a.ack(queue)).toBe('MSG two');
      expect(await a.ack(queue, first)).toBe('ERR NO_MSG');
      expect(await a.ack(queue)).toBe('OK');
    });

    test('with an empty id shows the same message again, and removes nothing', async () => {
      const [a, b] = await station().strangers(2);
      const queue = await a.create();
      await b.send(queue, 'one');
      await b.send(queue, 'two');
      await a.pushed(queue);
      const id = queue.lastId;
      expect(await a.ack(queue, NONE)).toBe('MSG one');
      expect(await a.ack(queue, NONE)).toBe('MSG one');
      expect(queue.lastId).toEqual(id);
      expect(await a.ack(queue)).toBe('MSG two');
    });

    test('of nothing: NO_MSG, also with an empty id', async () => {
      const a = await station().stranger();
      const queue = await a.create();
      expect(await a.ack(queue, Buffer.alloc(24))).toBe('ERR NO_MSG');
      expect(await a.ack(queue, NONE)).toBe('ERR NO_MSG');
    });

    test('in a session that is not subscribed: NO_MSG, and the message stays', async () => {
      const [a, b] = await station().strangers(2);
      const queue = await a.create();
      await b.send(queue, 'hello');
      await a.pushed(queue);
      expect(await b.ack(queue)).toBe('ERR NO_MSG');
      expect(await a.ack(queue)).toBe('OK');
    });
  });

  describe('takeover', () => {
    test('the session before hears END and may acknowledge nothing', async () => {
      const [a, b, c] = await station().strangers(3);
      const queue = await a.create();
      await b.send(queue, 'hello');
      const first = await a.push();
      queue.text(first);
      expect(await c.own(queue, 'SUB')).toBe('SOK');
      const end = await a.push();
      expect([end.corrId, end.entityId, told(end)]).toEqual([NONE, queue.recipientId, 'END']);
      expect(await a.ack(queue)).toBe('ERR NO_MSG');
      expect((await c.push()).body).toEqual(first.body);
      expect(await c.ack(queue)).toBe('OK');
    });

    test('the next message goes to the new session alone', async () => {
      const [a, b, c] = await station().strangers(3);
      const queue = await a.create();
      await c.own(queue, 'SUB');
      await b.send(queue, 'hello');
      expect(await c.pushed(queue)).toBe('MSG hello');
      expect(await a.rest()).toEqual(['END']);
    });

    test('and back again', async () => {
      const [a, c] = await station().strangers(2);
      const queue = await a.create();
      await c.own(queue, 'SUB');
      expect(await a.pushed(queue)).toBe('END');
      await a.own(queue, 'SUB');
      expect(await c.pushed(queue)).toBe('END');
      await a.send(queue, 'hello');
      expect(await a.pushed(queue)).toBe('MSG hello');
    });

    test('DEL, OFF and KEY still work in the session before: it is the key that counts', async () => {
      const [a, c] = await station().strangers(2);
      const queue = await a.create();
      await c.own(queue, 'SUB');
      expect(await a.own(queue, commands.key(newKey().der))).toBe('OK');
      expect(await a.own(queue, 'OFF')).toBe('OK');
      expect(await a.own(queue, 'DEL')).toBe('OK');
      expect(await c.pushed(queue)).toBe('DELD');
    });
  });
}
