import { createHash } from 'node:crypto';
import nacl from 'tweetnacl';
import { fromJson, hex, ok, vectors } from '../../test/vectors';
import { rawPublicKey, realCrypto } from '../crypto';
import { pad } from '../padding';
import {
  encodeReceivedMessage,
  MessageSealer,
  openReceivedMessage,
  PADDED_MESSAGE_BYTES,
  type ReceivedMessage,
} from './received-message';

interface Case {
  name: string;
  msgId: string;
  message: object;
  padded: boolean;
  plain: string;
  bytes: number;
  sealed?: string;
  sealedStart?: string;
  sealedSha256?: string;
}

const { recipientDhSeed, recipientDhKey, serverDhSeed, serverDhKey, boxKey, cases } = vectors(
  'smp/sealed-messages.json',
) as Record<'recipientDhSeed' | 'recipientDhKey' | 'serverDhSeed' | 'serverDhKey' | 'boxKey', string> & {
  cases: Case[];
};
const recipientKey = { type: 'x25519', seed: hex(recipientDhSeed) } as const;
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

test('both sides have the same key of the box', () => {
  const serverKey = { type: 'x25519', seed: hex(serverDhSeed) } as const;
  expect(text(realCrypto.boxKey(recipientKey, hex(serverDhKey))!)).toBe(boxKey);
  expect(text(realCrypto.boxKey(serverKey, hex(recipientDhKey))!)).toBe(boxKey);
});

describe.each(cases)('$name', ({ msgId, message: json, padded, plain, bytes, ...expected }) => {
  const message = fromJson(json) as ReceivedMessage;
  const sealer = new MessageSealer(realCrypto, hex(serverDhSeed), hex(recipientDhKey), padded);
  const sealed = sealer.seal(hex(msgId), message);

  test('is sealed as it was', () => {
    expect(text(encodeReceivedMessage(message))).toBe(plain);
    expect(sealed).toHaveLength(bytes);
    if (expected.sealed !== undefined) return expect(text(sealed)).toBe(expected.sealed);
    expect(text(sealed.subarray(0, 32))).toBe(expected.sealedStart);
    expect(createHash('sha256').update(sealed).digest('hex')).toBe(expected.sealedSha256);
  });

  test('is what NaCl seals', () => {
    const size = padded ? PADDED_MESSAGE_BYTES : plain.length / 2 + 2;
    const server = rawPublicKey(hex(serverDhKey));
    expect(text(sealed)).toBe(
      text(nacl.box(pad(hex(plain), size), hex(msgId), server, hex(recipientDhSeed))),
    );
  });

  test('is opened with its id, and not with another', () => {
    const key = hex(boxKey);
    expect(openReceivedMessage(realCrypto, key, hex(msgId), sealed)).toEqual(ok(message));
    const wrong = { ok: false, error: 'CRYPTO' };
    expect(openReceivedMessage(realCrypto, key, Buffer.alloc(24), sealed)).toEqual(wrong);
    expect(openReceivedMessage(realCrypto, key, hex(msgId).subarray(1), sealed)).toEqual(wrong);
    expect(openReceivedMessage(realCrypto, key, hex(msgId), sealed.subarray(1))).toEqual(wrong);
  });
});
