import { generateKeyPairSync, hkdfSync, sign } from 'node:crypto';
import { hkdfSha512, hsalsa20, publicKeyOf, publicKeyType, rawPublicKey, realCrypto } from './crypto';

const { keyPair, boxKey, seal, open, sha512, verify } = realCrypto;
const hex = (text: string): Buffer => Buffer.from(text, 'hex');

/** Keys, nonce and box of "Cryptography in NaCl" (D. J. Bernstein). */
const nonce = hex('69696ee955b62b73cd62bda875fc73d68219e0036b7a0b37');

describe('boxes', () => {
  it('derives the key of a box as NaCl does', () => {
    const shared = hex('4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742');
    expect(hsalsa20(shared).toString('hex')).toBe(
      '1b27556473e985d462cd51197a9a46c76009549eac6474f206c4ee0844f68389',
    );
  });

  it('seals as NaCl does: the tag, then the message', () => {
    const key = hex('1b27556473e985d462cd51197a9a46c76009549eac6474f206c4ee0844f68389');
    const message = hex(
      'be075fc53c81f2d5cf141316ebeb0c7b5228c52a4c62cbd44b66849b64244ffce5ecbaaf33bd751a1ac728d45e6c61296cdc3c01233561f41db66cce314adb310e3be8250c46f06dceea3a7fa1348057e2f6556ad6b1318a024a838f21af1fde048977eb48f59ffd4924ca1c60902e52f0a089bc76897040e082f937763848645e0705',
    );
    const sealed = seal(key, nonce, message);
    expect(sealed.subarray(0, 32).toString('hex')).toBe(
      'f3ffc7703f9400e52a7dfb4b3d3305d98e993b9f48681273c29650ba32fc76ce',
    );
    expect(open(key, nonce, sealed)).toEqual(message);
  });

  it('opens nothing that was changed, cut or sealed otherwise', () => {
    const key = boxKey(keyPair('x25519', seedOf(3)), keyPair('x25519', seedOf(1)).publicKey)!;
    const sealed = seal(key, nonce, Buffer.from('hello'));
    for (let index = 0; index < sealed.length; index++) {
      const changed = Buffer.from(sealed);
      changed[index] ^= 1;
      expect(open(key, nonce, changed)).toBeUndefined();
      expect(open(key, nonce, sealed.subarray(0, index))).toBeUndefined();
    }
    expect(open(seedOf(2), nonce, sealed)).toBeUndefined();
  });

  it('is the same key on both sides', () => {
    const [one, other] = [keyPair('x25519', seedOf(1)), keyPair('x25519', seedOf(2))];
    expect(boxKey(one, other.publicKey)).toEqual(boxKey(other, one.publicKey));
  });

  it('makes none with a point of low order or a key of another kind', () => {
    const one = keyPair('x25519', seedOf(1));
    expect(boxKey(one, publicKeyOf('x25519', Buffer.alloc(32)))).toBeUndefined();
    expect(boxKey(one, keyPair('ed25519', seedOf(2)).publicKey)).toBeUndefined();
  });
});

describe('signatures', () => {
  it('are those of RFC 8032', () => {
    const key = keyPair('ed25519', hex('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60'));
    expect(Buffer.from(rawPublicKey(key.publicKey)).toString('hex')).toBe(
      'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    );
    const signature = realCrypto.sign(key, Buffer.alloc(0));
    expect(signature.toString('hex')).toBe(
      'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
    );
    expect(verify(key.publicKey, Buffer.alloc(0), signature)).toBe(true);
    expect(verify(key.publicKey, Buffer.from('x'), signature)).toBe(false);
    expect(verify(key.publicKey, Buffer.alloc(0), signature.subarray(1))).toBe(false);
  });

  it('of Ed448 are checked too', () => {
    const { publicKey, privateKey } = generateKeyPairSync('ed448');
    const der = publicKey.export({ format: 'der', type: 'spki' });
    expect(publicKeyType(der)).toBe('ed448');
    const signature = sign(null, Buffer.from('hello'), privateKey);
    expect(verify(der, Buffer.from('hello'), signature)).toBe(true);
    expect(verify(der, Buffer.from('hallo'), signature)).toBe(false);
  });

  it('cannot be checked with a key that only boxes', () => {
    expect(verify(keyPair('x25519', seedOf(1)).publicKey, nonce, Buffer.alloc(64))).toBe(false);
  });
});

it('hashes parts as one', () => {
  expect(sha512(Buffer.from('a'), Buffer.from('bc'))).toEqual(sha512(Buffer.from('abc')));
  expect(sha512(Buffer.from('abc')).toString('hex').slice(0, 16)).toBe('ddaf35a193617aba');
});

it('refuses a seed of another length', () => {
  expect(() => keyPair('x25519', Buffer.alloc(31))).toThrow(RangeError);
});

function seedOf(fill: number): Buffer {
  return Buffer.alloc(32, fill);
}

describe('HKDF', () => {
  it.each([1, 32, 56, 64, 65, 200])('derives %s bytes as OpenSSL does', (length) => {
    const material = Buffer.from(Array.from({ length: 32 }, (_, byte) => 7 * byte));
    const theirs = hkdfSync('sha512', material, new Uint8Array(0), 'SimpleXContactLink', length);
    expect(hkdfSha512(material, 'SimpleXContactLink', length)).toEqual(Buffer.from(theirs));
  });
});
