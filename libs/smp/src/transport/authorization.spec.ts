import nacl from 'tweetnacl';
import { hex, vectors } from '../../test/vectors';
import { publicKeyOf, publicKeyType, rawPublicKey, realCrypto, type KeyType } from '../crypto';
import { bytesKey, Writer } from '../encoding';
import { Authorizer, nonceOf } from './authorization';
import { ServerSession } from './server-session';
import { readTransmission, writeAuthorized, type ReceivedTransmission } from './transmission';

interface Case {
  name: string;
  type: KeyType | 'ed448';
  seed: string;
  publicKey: string;
  corrId: string;
  entityId: string;
  command: string;
  authorized: string;
  sha512?: string;
  authorization: string;
  transmission: string;
}

const { sessionId, sessionKeySeed, sessionKey, cases } = vectors('smp/authorizations.json') as {
  sessionId: string;
  sessionKeySeed: string;
  sessionKey: string;
  cases: Case[];
};
const session = (id = sessionId, seed = sessionKeySeed) => new ServerSession(realCrypto, hex(id), hex(seed));

function received({ transmission }: Case): ReceivedTransmission {
  const read = readTransmission(hex(transmission));
  if (!read.ok) throw new Error(read.error);
  return read.value;
}

const verifies = (vector: Case, by = session(), transmission = received(vector)): boolean =>
  by.verifies([hex(vector.publicKey)], bytesKey(transmission.entityId), transmission);

test('the session key is that of its seed', () => {
  expect(Buffer.from(session().hello.sessionKey).toString('hex')).toBe(sessionKey);
});

describe.each(cases)('$name', (vector) => {
  test('is read as it was written, and verifies', () => {
    const read = received(vector);
    expect(publicKeyType(hex(vector.publicKey))).toBe(vector.type);
    expect(Buffer.from(read.authorization).toString('hex')).toBe(vector.authorization);
    expect(`20${sessionId}${Buffer.from(read.authorized).toString('hex')}`).toBe(vector.authorized);
    expect(verifies(vector)).toBe(true);
  });

  test('is what an authorizer makes', () => {
    // nobody here makes signatures of Ed448
    if (vector.type === 'ed448') return;
    const authorizer = new Authorizer(realCrypto, hex(sessionId), hex(sessionKey));
    const key = { type: vector.type, seed: hex(vector.seed) };
    const writer = new Writer();
    const write = (to: Writer): void =>
      void to.shortString(hex(vector.corrId)).shortString(hex(vector.entityId)).raw(hex(vector.command));
    writeAuthorized(writer, vector.authorization.length / 2, write, (authorized) =>
      authorizer.authorize(key, hex(vector.corrId), authorized),
    );
    expect(writer.finish().toString('hex')).toBe(vector.transmission);
  });

  test('is what NaCl makes', () => {
    const authorized = hex(vector.authorized);
    if (vector.type === 'ed25519') {
      const raw = rawPublicKey(hex(vector.publicKey));
      expect(nacl.sign.detached.verify(authorized, hex(vector.authorization), raw)).toBe(true);
    }
    if (vector.type !== 'x25519') return;
    const hash = nacl.hash(authorized);
    expect(Buffer.from(hash).toString('hex')).toBe(vector.sha512);
    const nonce = nonceOf(hex(vector.corrId));
    const box = nacl.box(hash, nonce, rawPublicKey(hex(sessionKey)), hex(vector.seed));
    expect(Buffer.from(box).toString('hex')).toBe(vector.authorization);
  });

  test('says nothing in another session, nor when a byte is changed', () => {
    expect(verifies(vector, session('b0'.repeat(32)))).toBe(false);
    const transmission = received(vector);
    for (const part of ['authorization', 'authorized'] as const) {
      const bytes = Buffer.from(transmission[part]);
      bytes[bytes.length - 1] ^= 1;
      expect(verifies(vector, session(), { ...transmission, [part]: bytes })).toBe(false);
    }
  });
});

test('a session key of low order is refused before anything is asked with it', () => {
  const zeros = publicKeyOf('x25519', Buffer.alloc(32));
  expect(() => new Authorizer(realCrypto, Buffer.alloc(32), zeros)).toThrow(RangeError);
});
