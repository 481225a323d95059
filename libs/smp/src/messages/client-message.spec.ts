import fc from 'fast-check';
import { toyCrypto } from '@chat-relays/simulation';
import nacl from 'tweetnacl';
import { hex, ok, vectors } from '../../test/vectors';
import { rawPublicKey, realCrypto, sha256, type PrivateKey } from '../crypto';
import { pad } from '../padding';
import {
  openClientMessage,
  PADDED_CLIENT_MESSAGE_BYTES,
  readClientMessage,
  sealClientMessage,
  type ClientMessageSeal,
} from './client-message';

interface Case {
  name: string;
  envelope?: string;
  /** or so many of one byte */
  envelopeByte?: string;
  envelopeBytes?: number;
  nonce: string;
  /** it says the sender's key */
  senderKey: boolean;
  paddedTo?: number;
  bytes: number;
  sealed?: string;
  sealedStart?: string;
  sealedSha256?: string;
}

const { recipientSeed, recipientKey, senderSeed, senderKey, boxKey, cases, lenient, invalid } =
  vectors('smp/client-messages.json');
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const envelopeOf = ({ envelope, envelopeByte, envelopeBytes }: Case): Buffer =>
  envelope !== undefined ? hex(envelope) : Buffer.alloc(envelopeBytes!, envelopeByte, 'hex');
const x25519 = (seed: string): PrivateKey => ({ type: 'x25519', seed: hex(seed) });

function open(bytes: Uint8Array) {
  const read = readClientMessage(bytes);
  return read.ok ? openClientMessage(realCrypto, hex(boxKey), read.value) : read;
}

test('both sides have the same key of the box', () => {
  expect(text(realCrypto.boxKey(x25519(senderSeed), hex(recipientKey))!)).toBe(boxKey);
  expect(text(realCrypto.boxKey(x25519(recipientSeed), hex(senderKey))!)).toBe(boxKey);
});

describe.each(cases as Case[])('$name', (expected) => {
  const { nonce, paddedTo, bytes } = expected;
  const envelope = envelopeOf(expected);
  const seal: ClientMessageSeal = {
    boxKey: hex(boxKey),
    nonce: hex(nonce),
    ...(expected.senderKey && { senderDhKey: hex(senderKey) }),
    ...(paddedTo && { paddedTo }),
  };
  const sealed = sealClientMessage(realCrypto, seal, envelope);

  test('is sealed as it was', () => {
    expect(sealed).toHaveLength(bytes);
    if (expected.sealed !== undefined) return expect(text(sealed)).toBe(expected.sealed);
    expect(text(sealed.subarray(0, 140))).toBe(expected.sealedStart);
    expect(text(sha256(sealed))).toBe(expected.sealedSha256);
  });

  test('is what NaCl seals', () => {
    const plain = Buffer.concat([Buffer.from('_'), envelope]);
    const padded = pad(plain, paddedTo ?? plain.length + 2);
    const box = nacl.box(padded, hex(nonce), rawPublicKey(hex(recipientKey)), hex(senderSeed));
    expect(text(sealed.subarray(sealed.length - box.length))).toBe(text(box));
  });

  test('says what it says without a key, and the rest with it', () => {
    const read = readClientMessage(sealed);
    expect(read).toMatchObject({ ok: true, value: { version: 4, nonce: hex(nonce) } });
    if (read.ok) expect(read.value.senderDhKey).toEqual(seal.senderDhKey);
    expect(open(sealed)).toEqual(ok(envelope));
  });
});

test.each(lenient as { name: string; sealed: string; version: number; envelope: string }[])(
  '$name',
  ({ sealed, version, envelope }) => {
    expect(readClientMessage(hex(sealed))).toMatchObject({ ok: true, value: { version } });
    expect(open(hex(sealed))).toEqual(ok(hex(envelope)));
  },
);

test.each(invalid as { name: string; sealed: string; error: string }[])(
  'refused: $name',
  ({ sealed, error }) => {
    expect(open(hex(sealed))).toEqual({ ok: false, error });
  },
);

test('the two sizes are those of SMP agents', () => {
  const sizes = (cases as Case[]).flatMap(({ paddedTo, bytes }) =>
    paddedTo ? [`${paddedTo} ${bytes}`] : [],
  );
  expect(new Set(sizes)).toEqual(new Set(['16000 16043', '15904 15992']));
  expect(PADDED_CLIENT_MESSAGE_BYTES).toEqual({ message: 16_000, confirmation: 15_904 });
});

test('what does not fit is our mistake', () => {
  const seal = { boxKey: hex(boxKey), nonce: Buffer.alloc(24), paddedTo: 100 };
  expect(() => sealClientMessage(realCrypto, seal, Buffer.alloc(97))).not.toThrow();
  expect(() => sealClientMessage(realCrypto, seal, Buffer.alloc(98))).toThrow(RangeError);
});

const bytes = (maxLength: number, minLength = 0) =>
  fc.uint8Array({ minLength, maxLength }).map((array) => Buffer.from(array));

describe.each([
  ['libsodium', realCrypto],
  ['the crypto of the simulation', toyCrypto],
])('with %s', (_, crypto) => {
  const [sender, recipient] = [3, 4].map((seed) => crypto.keyPair('x25519', Buffer.alloc(32, seed)));
  const key = crypto.boxKey(sender, recipient.publicKey)!;
  const opened = (sealed: Uint8Array, with_ = key) => {
    const read = readClientMessage(sealed);
    return read.ok ? openClientMessage(crypto, with_, read.value) : read;
  };
  const sealOf = fc.record(
    {
      boxKey: fc.constant(key),
      nonce: bytes(24, 24),
      senderDhKey: fc.constant(sender.publicKey),
      paddedTo: fc.constant(600),
    },
    { requiredKeys: ['boxKey', 'nonce'] },
  );

  test('what is sealed is opened by the recipient, and by nobody else', () => {
    const other = crypto.boxKey(sender, crypto.keyPair('x25519', Buffer.alloc(32, 5)).publicKey)!;
    const key2 = crypto.boxKey(recipient, sender.publicKey)!;
    fc.assert(
      fc.property(sealOf, bytes(500), (seal, envelope) => {
        const sealed = sealClientMessage(crypto, seal, envelope);
        expect(opened(sealed, key2)).toEqual(ok(envelope));
        expect(opened(sealed, other)).toEqual({ ok: false, error: 'A_CRYPTO' });
      }),
    );
  });

  test('one flipped bit anywhere but in the version is refused', () => {
    const seal = { boxKey: key, nonce: Buffer.alloc(24, 1), senderDhKey: sender.publicKey };
    const sealed = sealClientMessage(crypto, seal, Buffer.from('hello'));
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const changed = Buffer.from(sealed);
      changed[bit >> 3] ^= 1 << (bit & 7);
      const read = readClientMessage(changed);
      // the raw bytes of the key are those of another sender: the box is then sealed with another key
      const isKey = bit >> 3 >= 16 && bit >> 3 < 48;
      if (isKey) {
        expect(read).toMatchObject({ ok: true });
        if (read.ok) expect(read.value.senderDhKey).not.toEqual(sender.publicKey);
      } else expect({ bit, ok: opened(changed).ok }).toEqual({ bit, ok: bit < 16 });
    }
  });

  test('no bytes make it throw', () => {
    const start = fc.constantFrom('', '\0\x040', '\0\x041,', '\0\x041\x20');
    fc.assert(
      fc.property(start, bytes(200), bytes(32, 32), (prefix, rest, boxKey) => {
        const result = opened(Buffer.concat([Buffer.from(prefix, 'latin1'), rest]), boxKey);
        expect(result).toMatchObject({ ok: false, error: expect.stringMatching(/^A_(MESSAGE|CRYPTO)$/) });
      }),
      { numRuns: 1000 },
    );
  });

  test('nor do bytes that are sealed rightly', () => {
    fc.assert(
      fc.property(bytes(60), bytes(24, 24), (plain, nonce) => {
        const box = crypto.seal(key, nonce, plain);
        const result = opened(Buffer.concat([Buffer.from('\0\x040', 'latin1'), nonce, box]));
        if (!result.ok) return expect(result.error).toBe('A_MESSAGE');
        expect(plain.subarray(2, 3).toString()).toBe('_');
        expect(plain.subarray(3, 2 + plain.readUInt16BE(0))).toEqual(result.value);
      }),
      { numRuns: 1000 },
    );
  });
});
