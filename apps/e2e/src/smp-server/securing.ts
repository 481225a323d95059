import type { Station } from './station';
import { commands } from './stranger-bytes';
import { newKey, type KeyKind } from './stranger-keys';

const MODES = [undefined, 'M', 'C'] as const;
const KINDS: KeyKind[] = ['x25519', 'ed25519', 'ed448'];

/** Facts 1.3, 1.6: KEY, SKEY, RKEY, and who may send with which key. */
export function securing(station: () => Station): void {
  test.each(MODES)(
    'an unsecured queue of mode %s takes what nobody authorized, and nothing else',
    async (mode) => {
      const [a, b] = await station().strangers(2);
      const queue = await a.create({ mode });
      expect(await b.send(queue, 'hello')).toBe('OK');
      expect(await b.send(queue, 'hello', newKey())).toBe('ERR AUTH');
      expect(await b.send(queue, 'hello', newKey('ed25519'))).toBe('ERR AUTH');
      expect(await b.send(queue, 'hello', queue.key)).toBe('ERR AUTH');
    },
  );

  test.each(MODES)('KEY secures a queue of mode %s, once, or again with the same key', async (mode) => {
    const [a, b] = await station().strangers(2);
    const queue = await a.create({ mode });
    const key = newKey();
    expect(await a.own(queue, commands.key(key.der))).toBe('OK');
    expect(await a.own(queue, commands.key(key.der))).toBe('OK');
    expect(await a.own(queue, commands.key(newKey().der))).toBe('ERR AUTH');
    expect(await b.send(queue, 'hello', key)).toBe('OK');
    expect(await b.send(queue, 'hello')).toBe('ERR AUTH');
  });

  test.each(KINDS)('a sender with a key of %s secures a messaging queue itself', async (kind) => {
    const [a, b] = await station().strangers(2);
    const queue = await a.create({ mode: 'M' });
    const key = newKey(kind);
    expect(await b.tell(queue.senderId, commands.skey(key.der), key)).toBe('OK');
    expect(await b.tell(queue.senderId, commands.skey(key.der), key)).toBe('OK');
    expect(await b.send(queue, 'hello', key)).toBe('OK');
    for (const other of [undefined, newKey(kind), queue.key]) {
      expect(await b.send(queue, 'hello', other)).toBe('ERR AUTH');
    }
  });

  test.each([undefined, 'C'] as const)('SKEY is not for a queue of mode %s', async (mode) => {
    const [a, b] = await station().strangers(2);
    const queue = await a.create({ mode });
    const key = newKey();
    expect(await b.tell(queue.senderId, commands.skey(key.der), key)).toBe('ERR AUTH');
    expect(await b.send(queue, 'hello')).toBe('OK');
  });

  test('SKEY with another key than before', async () => {
    const [a, b] = await station().strangers(2);
    const queue = await a.create({ mode: 'M' });
    const [first, second] = [newKey(), newKey()];
    expect(await b.tell(queue.senderId, commands.skey(first.der), first)).toBe('OK');
    expect(await b.tell(queue.senderId, commands.skey(second.der), second)).toBe('ERR AUTH');
    expect(await b.send(queue, 'hello', first)).toBe('OK');
  });

  test('SKEY is authorized by the key that it brings, not by another', async () => {
    const [a, b] = await station().strangers(2);
    const queue = await a.create({ mode: 'M' });
    expect(await b.tell(queue.senderId, commands.skey(newKey().der), newKey())).toBe('ERR AUTH');
    expect(await b.tell(queue.senderId, commands.skey(newKey().der), queue.key)).toBe('ERR AUTH');
    expect(await b.send(queue, 'hello')).toBe('OK');
  });

  test('SKEY and KEY agree on one key', async () => {
    const [a, b] = await station().strangers(2);
    const queue = await a.create({ mode: 'M' });
    const [key, other] = [newKey('ed25519'), newKey('ed25519')];
    expect(await a.own(queue, commands.key(key.der))).toBe('OK');
    expect(await b.tell(queue.senderId, commands.skey(key.der), key)).toBe('OK');
    expect(await b.tell(queue.senderId, commands.skey(other.der), other)).toBe('ERR AUTH');
    expect(await a.own(queue, commands.key(other.der))).toBe('ERR AUTH');
  });

  test('messages sent before the queue was secured stay', async () => {
    const [a, b] = await station().strangers(2);
    const queue = await a.create({ mode: 'M', subscribe: false });
    await b.send(queue, 'before');
    await a.own(queue, commands.key(newKey().der));
    await a.own(queue, 'SUB');
    expect(await a.pushed(queue)).toBe('MSG before');
  });

  test('RKEY replaces the keys of a contact queue: each of them works, the one before does not', async () => {
    const a = await station().stranger();
    const queue = await a.create({ mode: 'C' });
    const keys = KINDS.map((kind) => newKey(kind));
    expect(await a.own(queue, commands.rkey(...keys.map(({ der }) => der)))).toBe('OK');
    for (const key of keys) expect(await a.own(queue, 'SUB', key)).toBe('SOK');
    expect(await a.own(queue, 'SUB')).toBe('ERR AUTH');
  });

  test('two keys of one kind both work', async () => {
    const a = await station().stranger();
    const queue = await a.create({ mode: 'C' });
    const [one, two] = [newKey(), newKey()];
    expect(await a.own(queue, commands.rkey(one.der, two.der))).toBe('OK');
    for (const key of [two, one, two]) expect(await a.own(queue, 'SUB', key)).toBe('SOK');
    expect(await a.own(queue, commands.rkey(two.der), one)).toBe('OK');
    expect(await a.own(queue, 'SUB', one)).toBe('ERR AUTH');
    expect(await a.own(queue, 'SUB', two)).toBe('SOK');
  });

  test('a key may be kept, and removed by itself', async () => {
    const a = await station().stranger();
    const queue = await a.create({ mode: 'C' });
    const other = newKey();
    expect(await a.own(queue, commands.rkey(queue.key.der, other.der))).toBe('OK');
    expect(await a.own(queue, commands.rkey(other.der))).toBe('OK');
    expect(await a.own(queue, commands.rkey(queue.key.der))).toBe('ERR AUTH');
    expect(await a.own(queue, commands.rkey(other.der), other)).toBe('OK');
  });

  test('RKEY with 16 keys, and with one too many', async () => {
    const a = await station().stranger();
    const queue = await a.create({ mode: 'C' });
    const keys = Array.from({ length: 17 }, () => newKey());
    const ders = keys.map(({ der }) => der);
    expect(await a.own(queue, commands.rkey(...ders))).toBe('ERR CMD SYNTAX');
    expect(await a.own(queue, commands.rkey(...ders.slice(0, 16)))).toBe('OK');
    expect(await a.own(queue, 'QUE', keys[15])).toMatch(/^INFO /);
    expect(await a.own(queue, 'QUE', keys[16])).toBe('ERR AUTH');
  });

  test('RKEY without a key is no command', async () => {
    const a = await station().stranger();
    const queue = await a.create({ mode: 'C' });
    expect(await a.own(queue, commands.rkey())).toBe('ERR CMD SYNTAX');
  });

  test.each([undefined, 'M'] as const)('RKEY is not for a queue of mode %s', async (mode) => {
    const a = await station().stranger();
    const queue = await a.create({ mode });
    expect(await a.own(queue, commands.rkey(newKey().der))).toBe('ERR AUTH');
    expect(await a.own(queue, 'SUB')).toBe('SOK');
  });

  test('the sender’s key is none of the recipient', async () => {
    const [a, b] = await station().strangers(2);
    const queue = await a.create({ mode: 'M' });
    const key = newKey();
    await b.tell(queue.senderId, commands.skey(key.der), key);
    for (const command of ['SUB', 'GET', 'OFF', 'DEL', 'QUE', 'LDEL', commands.key(key.der)]) {
      expect(await b.own(queue, command, key)).toBe('ERR AUTH');
    }
  });
}
