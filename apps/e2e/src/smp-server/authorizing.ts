import { randomBytes } from 'node:crypto';
import type { Station } from './station';
import { told, type Stranger } from './stranger';
import { block, bytes, commands, NONE, short } from './stranger-bytes';
import { BoxKey, newKey, type Key, type KeyKind } from './stranger-keys';
import type { Queue } from './stranger-queue';

const KINDS: KeyKind[] = ['x25519', 'ed25519', 'ed448'];
const key = newKey('ed25519');
const id = Buffer.alloc(24, 'i');

/** Every command, with parameters that are right. */
const COMMANDS: Record<string, Buffer> = {
  NEW: commands.new({ key: key.der, dhKey: new BoxKey().der }),
  SUB: bytes('SUB'),
  GET: bytes('GET'),
  ACK: commands.ack(id),
  KEY: commands.key(key.der),
  RKEY: commands.rkey(key.der),
  LSET: commands.lset(id, 'fixed', 'user'),
  LDEL: bytes('LDEL'),
  OFF: bytes('OFF'),
  DEL: bytes('DEL'),
  QUE: bytes('QUE'),
  SKEY: commands.skey(key.der),
  SEND: commands.send('hello'),
  LKEY: commands.lkey(key.der),
  LGET: bytes('LGET'),
  PING: bytes('PING'),
};
const RECIPIENT = ['SUB', 'GET', 'ACK', 'KEY', 'RKEY', 'LSET', 'LDEL', 'OFF', 'DEL', 'QUE'];

/** What is answered to a command with: neither, an entity alone, an authorization alone, both. None is a queue of ours. */
const CREDENTIALS: Record<string, [string, string, string, string]> = {
  NEW: ['ERR CMD NO_AUTH', 'ERR CMD NO_AUTH', 'IDS', 'ERR CMD HAS_AUTH'],
  SEND: ['ERR CMD NO_ENTITY', 'ERR AUTH', 'ERR CMD NO_ENTITY', 'ERR AUTH'],
  LGET: ['ERR CMD NO_ENTITY', 'ERR AUTH', 'ERR CMD HAS_AUTH', 'ERR CMD HAS_AUTH'],
  PING: ['PONG', 'ERR CMD HAS_AUTH', 'ERR CMD HAS_AUTH', 'ERR CMD HAS_AUTH'],
};
const OTHERS: [string, string, string, string] = [
  'ERR CMD NO_AUTH',
  'ERR CMD NO_AUTH',
  'ERR CMD NO_AUTH',
  'ERR AUTH',
];

/** Facts 1.2, 1.3: credentials, keys, sessions. */
export function authorizing(station: () => Station): void {
  test.each(Object.keys(COMMANDS))('%s with and without entity and authorization', async (name) => {
    const a = await station().stranger();
    const answers = await Promise.all([
      a.tell(NONE, COMMANDS[name]),
      a.tell(id, COMMANDS[name]),
      a.tell(NONE, COMMANDS[name], key),
      a.tell(id, COMMANDS[name], key),
    ]);
    expect(answers).toEqual(CREDENTIALS[name] ?? OTHERS);
  });

  describe.each(KINDS)('a queue with a key of %s', (kind) => {
    test.each(RECIPIENT)('%s with another key, and without such a queue, is AUTH', async (name) => {
      const a = await station().stranger();
      const queue = await a.create({ key: newKey(kind), mode: 'C' });
      for (const other of KINDS) {
        expect(await a.tell(queue.recipientId, COMMANDS[name], newKey(other))).toBe('ERR AUTH');
        expect(await a.tell(randomBytes(24), COMMANDS[name], newKey(other))).toBe('ERR AUTH');
      }
      expect(await a.own(queue, 'SUB')).toBe('SOK');
    });

    test('a command that was captured is AUTH in another session, a DEL and a NEW too', async () => {
      const [a, b] = await station().strangers(2);
      const queue = await a.create({ key: newKey(kind) });
      for (const [entityId, command] of [
        [queue.recipientId, 'SUB'],
        [queue.recipientId, 'DEL'],
        [NONE, queue.command],
      ] as const) {
        const said = a.say(entityId, command, queue.key);
        const [heard] = await b.askAll([said]);
        expect(told(heard)).toBe('ERR AUTH');
      }
      expect(await a.own(queue, 'SUB')).toBe('SOK');
    });

    test('a command of which a byte was changed is AUTH: its corrId, its entity, itself', async () => {
      const a = await station().stranger();
      const [queue, other] = [await a.create({ key: newKey(kind) }), await a.create({ key: newKey(kind) })];
      const made = (corrId: Buffer, entityId: Buffer, command: string) =>
        queue.key.authorize(a, corrId, bytes(short(corrId), short(entityId), command));
      const corrId = randomBytes(24);
      const ask = (authorization: Buffer, entityId = queue.recipientId) =>
        a.tell(entityId, 'SUB', undefined, { corrId, authorization });
      expect(await ask(made(corrId, queue.recipientId, 'SUB'))).toBe('SOK');
      expect(await ask(made(randomBytes(24), queue.recipientId, 'SUB'))).toBe('ERR AUTH');
      expect(await ask(made(corrId, queue.recipientId, 'DEL'))).toBe('ERR AUTH');
      expect(await ask(made(corrId, queue.recipientId, 'SUB'), other.recipientId)).toBe('ERR AUTH');
      const changed = made(corrId, queue.recipientId, 'SUB');
      changed[20] ^= 1;
      expect(await ask(changed)).toBe('ERR AUTH');
    });

    test.each([0, 1, 4, 23, 25, 255])('a corrId of %d bytes', async (length) => {
      const a = await station().stranger();
      const queue = await a.create({ key: newKey(kind) });
      const said = a.say(queue.recipientId, 'SUB', queue.key, { corrId: randomBytes(length) });
      if (length > 0) return expect(told((await a.askAll([said]))[0])).toBe('SOK');
      a.publish(block([said.transmission]));
      expect(told(await a.push())).toBe('SOK');
    });
  });

  describe('an id of the wrong kind is AUTH', () => {
    async function all(): Promise<{ a: Stranger; queue: Queue; senderKey: Key }> {
      const a = await station().stranger();
      const queue = await a.create({ mode: 'M', link: {} });
      const senderKey = newKey();
      await a.own(queue, commands.key(senderKey.der));
      return { a, queue, senderKey };
    }

    test.each(RECIPIENT)('%s with a sender or a link id', async (name) => {
      const { a, queue } = await all();
      for (const entityId of [queue.senderId, queue.linkId]) {
        expect(await a.tell(entityId, COMMANDS[name], queue.key)).toBe('ERR AUTH');
      }
    });

    test('SEND and SKEY with a recipient or a link id', async () => {
      const { a, queue, senderKey } = await all();
      for (const entityId of [queue.recipientId, queue.linkId]) {
        expect(await a.tell(entityId, COMMANDS['SEND'], senderKey)).toBe('ERR AUTH');
        expect(await a.tell(entityId, commands.skey(senderKey.der), senderKey)).toBe('ERR AUTH');
      }
      expect(await a.tell(queue.senderId, commands.skey(senderKey.der), senderKey)).toBe('OK');
    });

    test('LKEY with a recipient or a sender id', async () => {
      const { a, queue, senderKey } = await all();
      for (const entityId of [queue.recipientId, queue.senderId]) {
        expect(await a.tell(entityId, commands.lkey(senderKey.der), senderKey)).toBe('ERR AUTH');
      }
      expect(await a.tell(queue.linkId, commands.lkey(senderKey.der), senderKey)).toBe('LNK');
    });
  });

  test.each([1, 63, 65, 79, 81, 113, 115, 255])(
    'an authorization of %d bytes is ERR BLOCK, with its corrId and without an entity',
    async (length) => {
      const a = await station().stranger();
      const queue = await a.create();
      const corrId = randomBytes(24);
      const authorization = Buffer.alloc(length);
      const heard = await a.ask(queue.recipientId, 'SUB', undefined, { corrId, authorization });
      expect([heard.corrId, heard.entityId, told(heard)]).toEqual([corrId, NONE, 'ERR BLOCK']);
    },
  );

  test('a service signature is SERVICE', async () => {
    const a = await station().stranger();
    const queue = await a.create();
    const service = bytes('1', short(Buffer.alloc(64)));
    expect(await a.tell(queue.recipientId, 'SUB', queue.key, { service })).toBe('ERR SERVICE');
    expect(await a.tell(NONE, queue.command, queue.key, { service })).toBe('ERR SERVICE');
  });

  test('a key of X448 is no key', async () => {
    const a = await station().stranger();
    const queue = await a.create();
    const x448 = bytes(Buffer.from('3042300506032b656f033900', 'hex'), Buffer.alloc(56, 1));
    expect(await a.own(queue, commands.key(x448))).toBe('ERR CMD SYNTAX');
  });
}
