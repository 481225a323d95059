/** Round trips, limits, and what changed bytes do. */
import fc from 'fast-check';
import { realCrypto, type KeyPair } from '../crypto';
import { AGENT_VERSIONS } from './address';
import { openContactLink, openInvitationLink } from './link-check';
import {
  decodeContactLinkData,
  decodeFixedLinkData,
  decodeInvitationLinkData,
  type ContactLinkData,
} from './link-data';
import { authoriseOwner, ownersRefusal, type OwnerAuth } from './link-owners';
import { openLinkPart, splitSigned } from './link-seal';
import {
  invitationLinkOf,
  prepareContactLink,
  prepareInvitation,
  sealContactLinkData,
  sealInvitationLinkData,
} from './prepared-link';
import type { ShortLink } from './short-link';

const keyPair = (number: number): KeyPair => realCrypto.keyPair('ed25519', Buffer.alloc(32, number));
const nonce = (number: number): Buffer => Buffer.alloc(24, number);
const rootKey = keyPair(1);
const server = { hosts: ['smp-1'], port: '', keyHash: Buffer.alloc(0) } as const;
const senderId = Buffer.alloc(24, 7);
const dhKey = Buffer.from(realCrypto.keyPair('x25519', Buffer.alloc(32, 8)).publicKey);
const preparation = { rootKey, queue: { server, senderId, dhKey }, nonce: nonce(1) };
const prepared = prepareContactLink(realCrypto, 'g', preparation);
const { credentials, fixedData, link } = prepared;
const plain: ContactLinkData = {
  agentVersions: AGENT_VERSIONS,
  direct: true,
  owners: [],
  relays: [],
  userLinkData: Buffer.from('data'),
};

const bytes = (maxLength: number, minLength = 0) =>
  fc.uint8Array({ minLength, maxLength }).map((array) => Buffer.from(array));

/** A chain: each owner is authorised by the root (0) or by one before. */
function chain(authorities: readonly number[]): { owners: OwnerAuth[]; keys: KeyPair[] } {
  const keys = [rootKey];
  const owners = authorities.map((authority, index) => {
    const key = keyPair(10 + index);
    const ownerId = Buffer.from(`member ${index}`);
    const by = keys[authority % keys.length];
    keys.push(key);
    return authoriseOwner(realCrypto, by, { ownerId, ownerKey: Buffer.from(key.publicKey) });
  });
  return { owners, keys };
}

const relay = (type: 'a' | 'c' | 'g' | 'r', linkKey: Buffer): ShortLink => ({
  kind: 'contact',
  type,
  server,
  linkKey,
});
const relays = fc.array(fc.tuple(fc.constantFrom('a', 'c', 'g', 'r'), bytes(32, 32)), { maxLength: 30 });

function opened(userData: Uint8Array, fixed: Uint8Array = fixedData) {
  return openContactLink(realCrypto, link, { senderId, fixedData: fixed, userData });
}

function sealed(data: ContactLinkData, signer = rootKey): Buffer {
  const result = sealContactLinkData(realCrypto, { ...credentials, signer }, data, nonce(2));
  if (!result.ok) throw new Error(result.error);
  return result.value;
}

test('what any owner wrote is read, whatever the chain', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(), { maxLength: 5 }),
      fc.nat(),
      relays,
      fc.boolean(),
      fc.oneof(bytes(300), bytes(8000)),
      (authorities, at, listed, direct, userLinkData) => {
        const { owners, keys } = chain(authorities);
        const data: ContactLinkData = {
          agentVersions: AGENT_VERSIONS,
          direct,
          owners,
          relays: listed.map(([type, key]) => relay(type, key)),
          userLinkData,
        };
        const read = opened(sealed(data, keys[at % keys.length]));
        expect(read).toMatchObject({ ok: true });
        if (read.ok) expect(read.value.user).toEqual(data);
      },
    ),
    { numRuns: 50 },
  );
});

test('what an invitation says is read', () => {
  const made = prepareInvitation(realCrypto, preparation);
  const invitation = invitationLinkOf(made, Buffer.alloc(24, 3));
  fc.assert(
    fc.property(bytes(2000), (userLinkData) => {
      const user = { agentVersions: AGENT_VERSIONS, userLinkData };
      const written = sealInvitationLinkData(realCrypto, made.credentials, user, nonce(4));
      if (!written.ok) throw new Error(written.error);
      const read = openInvitationLink(realCrypto, invitation, {
        senderId,
        fixedData: made.fixedData,
        userData: written.value,
      });
      expect(read).toMatchObject({ ok: true, value: { user } });
    }),
    { numRuns: 50 },
  );
});

test('the fixed part stays as it is when the user part changes', () => {
  const again = prepareContactLink(realCrypto, 'g', preparation);
  expect(again.fixedData).toEqual(fixedData);
  expect(opened(sealed({ ...plain, direct: false }))).toMatchObject({ ok: true });
});

test('one flipped bit anywhere is refused', () => {
  const userData = sealed(plain);
  const refusal = { ok: false, error: 'A_CRYPTO DECRYPT_CB' };
  const flipped = (part: Buffer, at: number): Buffer => {
    const changed = Buffer.from(part);
    changed[at] ^= 1 << (at % 8);
    return changed;
  };
  for (let at = 0; at < fixedData.length; at++)
    expect(opened(userData, flipped(fixedData, at))).toEqual(refusal);
  for (let at = 0; at < userData.length; at++) {
    if (opened(flipped(userData, at)).ok) throw new Error(`byte ${at} may be changed`);
  }
  expect(opened(userData.subarray(1))).toEqual(refusal);
  expect(opened(userData.subarray(0, 39))).toEqual(refusal);
  expect(opened(fixedData, userData)).not.toMatchObject({ ok: true });
});

test('no bytes make a decoder or a reader throw', () => {
  const start = fc.constantFrom('C', 'I', 'C\0\x02\0\x07F\x01', 'C\0\x02\0\x07F\0\x01C', '\0\x02\0\x07,', '');
  const decoders = [decodeContactLinkData, decodeFixedLinkData, decodeInvitationLinkData, splitSigned];
  fc.assert(
    fc.property(start, bytes(400), (prefix, rest) => {
      const input = Buffer.concat([Buffer.from(prefix, 'latin1'), rest]);
      for (const decode of decoders) {
        const result = decode(input);
        if (!result.ok) expect(result.error).toBe('A_MESSAGE');
      }
      expect(openLinkPart(realCrypto, Buffer.alloc(32), input).ok).toBe(false);
      expect(opened(input, input).ok).toBe(false);
    }),
    { numRuns: 2000 },
  );
});

describe('before anything is written', () => {
  const write = (data: Partial<ContactLinkData>, signer = rootKey) =>
    sealContactLinkData(realCrypto, { ...credentials, signer }, { ...plain, ...data }, nonce(2));
  const refusal = (text: string) => ({ ok: false, error: `A_LINK "${text}"` });

  test('data that does not fit is named with the limit', () => {
    const room = 13_717 - 8 - 3;
    expect(write({ userLinkData: Buffer.alloc(room) })).toMatchObject({ ok: true });
    const tooLong = refusal('link data of 13718 bytes, at most 13717 fit');
    expect(write({ userLinkData: Buffer.alloc(room + 1) })).toEqual(tooLong);
    expect(write({ userLinkData: Buffer.alloc(100_000) })).toEqual(
      refusal('link data of 100011 bytes, at most 13717 fit'),
    );
    const many = Array.from({ length: 256 }, () => relay('r', Buffer.alloc(32)));
    expect(write({ relays: many })).toEqual(refusal('256 relays, at most 255 fit'));
    expect(write({ relays: many.slice(1) })).toMatchObject({ ok: true });
    const user = { agentVersions: AGENT_VERSIONS, userLinkData: Buffer.alloc(13_710) };
    const invitation = prepareInvitation(realCrypto, preparation).credentials;
    expect(sealInvitationLinkData(realCrypto, invitation, user, nonce(2))).toEqual(tooLong);
  });

  test('fixed data that does not fit is our mistake', () => {
    const clientData = Buffer.alloc(1900);
    expect(() => prepareContactLink(realCrypto, 'g', { ...preparation, clientData })).toThrow(
      /fixed link data of \d{4} bytes, at most 1941 fit/,
    );
  });

  test('whoever signs must stay one of the owners', () => {
    const { owners, keys } = chain([0, 1]);
    expect(write({ owners }, keys[2])).toMatchObject({ ok: true });
    expect(write({ owners: owners.slice(0, 1) }, keys[2])).toEqual(refusal('no current owner in link data'));
    expect(write({ owners: [] }, keys[1])).toEqual(refusal('no current owner in link data'));
    expect(write({ owners: owners.slice(1) })).toEqual(
      refusal(`invalid authorization of owner ID ${Buffer.from('member 1').toString('base64url')}`),
    );
  });

  test('32 owners, and no more', () => {
    const { owners } = chain(Array.from({ length: 33 }, () => 0));
    expect(write({ owners: owners.slice(1) })).toMatchObject({ ok: true });
    expect(write({ owners })).toEqual(refusal('more than 32 owners'));
    expect(ownersRefusal(realCrypto, rootKey.publicKey, owners)).toBe('more than 32 owners');
  });

  test('only its root key signs an invitation', () => {
    const { credentials: own } = prepareInvitation(realCrypto, preparation);
    const stranger = { ...own, signer: keyPair(9) };
    expect(() => sealInvitationLinkData(realCrypto, stranger, plain, nonce(2))).toThrow(RangeError);
  });
});
