import { randomBytes } from 'node:crypto';
import type { Station } from './station';
import type { Stranger } from './stranger';
import { commands, Fields } from './stranger-bytes';
import { newKey } from './stranger-keys';
import type { Queue } from './stranger-queue';

const FIXED = 'fixed data';

/** `LNK <fixed> <user>` for the right sender id, or what it is. */
async function read(stranger: Stranger, queue: Queue, linkId: Uint8Array, key?: ReturnType<typeof newKey>) {
  const heard = await stranger.ask(linkId, key ? commands.lkey(key.der) : 'LGET', key);
  const text = heard.body.toString('latin1');
  if (!text.startsWith('LNK ')) return text;
  const fields = new Fields(heard.body.subarray(4));
  expect([fields.short(), heard.entityId]).toEqual([queue.senderId, linkId]);
  const parts = [fields.large(), fields.large()].map((part) => part.toString('utf8'));
  fields.end();
  return `LNK ${parts.join(', ')}`;
}

/** Facts 1.3, 1.6, 3.5: LSET, LDEL, LGET, LKEY, as far as the server is concerned. */
export function links(station: () => Station): void {
  const set = (stranger: Stranger, queue: Queue, linkId: Uint8Array, user: string, fixed = FIXED) =>
    stranger.own(queue, commands.lset(linkId, fixed, user));

  test('anybody reads the link of a contact queue', async () => {
    const [a, b] = await station().strangers(2);
    const queue = await a.create({ mode: 'C', link: { user: 'hello' } });
    expect(await read(b, queue, queue.linkId)).toBe('LNK fixed data, hello');
    expect(await read(b, queue, queue.linkId)).toBe('LNK fixed data, hello');
  });

  test.each([undefined, 'C'] as const)('LSET makes the link of a queue of mode %s', async (mode) => {
    const [a, b] = await station().strangers(2);
    const queue = await a.create({ mode });
    const linkId = randomBytes(24);
    expect(await read(b, queue, linkId)).toBe('ERR AUTH');
    expect(await set(a, queue, linkId, 'user data')).toBe('OK');
    expect(await read(b, queue, linkId)).toBe('LNK fixed data, user data');
  });

  test('a queue without mode is a contact queue until it is secured', async () => {
    const [a, b] = await station().strangers(2);
    const queue = await a.create();
    const linkId = randomBytes(24);
    await set(a, queue, linkId, 'user data');
    await a.own(queue, commands.key(newKey().der));
    expect(await read(b, queue, linkId)).toBe('ERR AUTH');
    expect(await read(b, queue, linkId, newKey())).toBe('ERR AUTH');
  });

  test('LSET replaces the user data, any number of times', async () => {
    const [a, b] = await station().strangers(2);
    const queue = await a.create({ mode: 'C', link: {} });
    for (const user of ['one', 'two', 'two', '']) {
      expect(await set(a, queue, queue.linkId, user)).toBe('OK');
      expect(await read(b, queue, queue.linkId)).toBe(`LNK fixed data, ${user}`);
    }
  });

  test('LSET keeps the fixed data and the link id as they are', async () => {
    const [a, b] = await station().strangers(2);
    const queue = await a.create({ mode: 'C', link: { user: 'first' } });
    expect(await set(a, queue, queue.linkId, 'second', 'other data')).toBe('ERR AUTH');
    expect(await set(a, queue, randomBytes(24), 'second')).toBe('ERR AUTH');
    expect(await read(b, queue, queue.linkId)).toBe('LNK fixed data, first');
  });

  test('LSET with the link id of another queue', async () => {
    const [a, b] = await station().strangers(2);
    const [queue, other] = [await a.create({ mode: 'C', link: {} }), await b.create({ mode: 'C' })];
    expect(await set(b, other, queue.linkId, 'mine now')).toBe('ERR AUTH');
    expect(await read(b, queue, queue.linkId)).toBe('LNK fixed data, user data');
  });

  test('a link of the largest sizes that agents make, and of more', async () => {
    const [a, b] = await station().strangers(2);
    const queue = await a.create({ mode: 'C' });
    const linkId = randomBytes(24);
    for (const size of [13_824, 60_000 - 2_048]) {
      expect(await a.own(queue, commands.lset(linkId, 'f'.repeat(2_048), 'u'.repeat(size)))).toBe('OK');
      expect(await read(b, queue, linkId)).toBe(`LNK ${'f'.repeat(2_048)}, ${'u'.repeat(size)}`);
    }
    const more = commands.lset(linkId, 'f'.repeat(2_048), 'u'.repeat(60_001 - 2_048));
    expect(await a.own(queue, more)).toBe('ERR LARGE_MSG');
  });

  test('LDEL removes it; again, or where there is none, is OK', async () => {
    const [a, b] = await station().strangers(2);
    const queue = await a.create({ mode: 'C', link: {} });
    expect(await a.own(queue, 'LDEL')).toBe('OK');
    expect(await read(b, queue, queue.linkId)).toBe('ERR AUTH');
    expect(await a.own(queue, 'LDEL')).toBe('OK');
    expect(await a.own(await a.create({ mode: 'M' }), 'LDEL')).toBe('OK');
  });

  test('after LDEL the link may have another id and other data, and its id is free', async () => {
    const [a, b] = await station().strangers(2);
    const [queue, other] = [await a.create({ mode: 'C', link: {} }), await a.create({ mode: 'C' })];
    await a.own(queue, 'LDEL');
    const linkId = randomBytes(24);
    expect(await set(a, queue, linkId, 'user', 'other data')).toBe('OK');
    expect(await set(a, other, queue.linkId, 'user')).toBe('OK');
    expect(await read(b, queue, linkId)).toBe('LNK other data, user');
    expect(await read(b, other, queue.linkId)).toBe('LNK fixed data, user');
  });

  test('LGET with a recipient or a sender id finds nothing', async () => {
    const [a, b] = await station().strangers(2);
    const queue = await a.create({ mode: 'C', link: {} });
    expect(await b.tell(queue.recipientId, 'LGET')).toBe('ERR AUTH');
    expect(await b.tell(queue.senderId, 'LGET')).toBe('ERR AUTH');
  });

  test('the link of a queue that is off can be read and set', async () => {
    const [a, b] = await station().strangers(2);
    const queue = await a.create({ mode: 'C', link: {} });
    await a.own(queue, 'OFF');
    expect(await set(a, queue, queue.linkId, 'closed')).toBe('OK');
    expect(await read(b, queue, queue.linkId)).toBe('LNK fixed data, closed');
  });

  test('a contact queue keeps its link when messages are sent', async () => {
    const [a, b] = await station().strangers(2);
    const queue = await a.create({ mode: 'C', link: {} });
    const key = newKey();
    await b.send(queue, 'hello');
    await a.own(queue, commands.key(key.der));
    expect(await b.send(queue, 'hello', key)).toBe('OK');
    expect(await read(b, queue, queue.linkId)).toBe('LNK fixed data, user data');
  });

  describe('a 1-time link', () => {
    test('is not for LGET', async () => {
      const [a, b] = await station().strangers(2);
      const queue = await a.create({ mode: 'M', link: {} });
      expect(await read(b, queue, queue.linkId)).toBe('ERR AUTH');
    });

    test('is read by LKEY, which secures the queue; again with the same key, not with another', async () => {
      const [a, b] = await station().strangers(2);
      const queue = await a.create({ mode: 'M', link: {} });
      const key = newKey();
      expect(await read(b, queue, queue.linkId, key)).toBe('LNK fixed data, user data');
      expect(await read(b, queue, queue.linkId, key)).toBe('LNK fixed data, user data');
      expect(await read(b, queue, queue.linkId, newKey())).toBe('ERR AUTH');
      expect(await b.send(queue, 'hello')).toBe('ERR AUTH');
      expect(await b.send(queue, 'hello', key)).toBe('OK');
    });

    test('LKEY is authorized by the key that it brings', async () => {
      const [a, b] = await station().strangers(2);
      const queue = await a.create({ mode: 'M', link: {} });
      expect(await b.tell(queue.linkId, commands.lkey(newKey().der), newKey())).toBe('ERR AUTH');
      expect(await b.send(queue, 'hello')).toBe('OK');
    });

    test('LKEY is not for a contact queue', async () => {
      const [a, b] = await station().strangers(2);
      const queue = await a.create({ mode: 'C', link: {} });
      expect(await read(b, queue, queue.linkId, newKey())).toBe('ERR AUTH');
    });

    test('LKEY where another key came first', async () => {
      const [a, b] = await station().strangers(2);
      const queue = await a.create({ mode: 'M', link: {} });
      const key = newKey();
      await b.tell(queue.senderId, commands.skey(key.der), key);
      expect(await read(b, queue, queue.linkId, newKey())).toBe('ERR AUTH');
      expect(await read(b, queue, queue.linkId, key)).toBe('LNK fixed data, user data');
    });

    test('can be set until the queue is secured, and removed after that too', async () => {
      const [a, b] = await station().strangers(2);
      const queue = await a.create({ mode: 'M', link: {} });
      expect(await set(a, queue, queue.linkId, 'changed')).toBe('OK');
      const key = newKey();
      expect(await read(b, queue, queue.linkId, key)).toBe('LNK fixed data, changed');
      expect(await set(a, queue, queue.linkId, 'too late')).toBe('ERR AUTH');
      expect(await a.own(queue, 'LDEL')).toBe('OK');
      expect(await read(b, queue, queue.linkId, key)).toBe('ERR AUTH');
    });

    test('is gone with the first message of the secured queue', async () => {
      const [a, b] = await station().strangers(2);
      const queue = await a.create({ mode: 'M', link: {} });
      const key = newKey();
      await read(b, queue, queue.linkId, key);
      expect(await b.send(queue, 'hello', key)).toBe('OK');
      expect(await read(b, queue, queue.linkId, key)).toBe('ERR AUTH');
    });

    test('stays after a message to the queue that is not secured', async () => {
      const [a, b] = await station().strangers(2);
      const queue = await a.create({ mode: 'M', link: {} });
      await b.send(queue, 'hello');
      expect(await read(b, queue, queue.linkId, newKey())).toBe('LNK fixed data, user data');
    });

    test('that was removed secures nothing', async () => {
      const [a, b] = await station().strangers(2);
      const queue = await a.create({ mode: 'M', link: {} });
      await a.own(queue, 'LDEL');
      expect(await read(b, queue, queue.linkId, newKey())).toBe('ERR AUTH');
      expect(await b.send(queue, 'hello')).toBe('OK');
    });
  });
}
