/** Links as they are written and read: prepared, signed, sealed, opened, checked. */
import { fromJson, hex, ok, vectors } from '../../test/vectors';
import { hsalsa20, realCrypto, sha256, type KeyPair } from '../crypto';
import { Reader, Writer } from '../encoding';
import { pad } from '../padding';
import { openContactLink, openInvitationLink, type ReadLink } from './link-check';
import {
  encodeContactLinkData,
  encodeFixedLinkData,
  encodeInvitationLinkData,
  type ContactLinkData,
  type FixedLinkData,
  type InvitationLinkData,
} from './link-data';
import { contactLinkKeys, invitationLinkKey, linkKeyOf } from './link-keys';
import { authoriseOwner, readOwner, writeOwner, type OwnerAuth } from './link-owners';
import { openLinkPart } from './link-seal';
import {
  invitationLinkOf,
  prepareContactLink,
  prepareInvitation,
  sealContactLinkData,
  sealInvitationLinkData,
} from './prepared-link';
import type { ContactShortLink, InvitationShortLink, ShortLink } from './short-link';

interface PartVector {
  readonly name: string;
  /** `root` or `owner <number>` */
  readonly signer: string;
  readonly data: unknown;
  readonly userData: string;
  readonly signature: string;
  readonly nonce: string;
  readonly sealed: string;
}

const { contact, invitation, owners } = vectors('links/sealed-links.json');
const { refused } = vectors('links/sealed-links-refused.json');
const keyPair = (seed: string): KeyPair => realCrypto.keyPair('ed25519', hex(seed));
const rootKey = keyPair(contact.rootSeed);

function signerOf({ signer }: PartVector): KeyPair {
  if (signer === 'root') return rootKey;
  return keyPair(contact.ownerSeeds[Number(/^owner (\d)$/.exec(signer)![1]) - 1]);
}

/** What was given to make the fixed data of a vector. */
function preparationOf(fixed: { data: unknown; nonce: string }) {
  const { connection, entityId } = fromJson(fixed.data) as FixedLinkData;
  const [{ server, senderId, dhKey }] = connection.queues;
  return {
    rootKey,
    queue: { server, senderId, dhKey },
    nonce: hex(fixed.nonce),
    ...(entityId && { entityId }),
    ...(connection.clientData && { clientData: connection.clientData }),
  };
}

describe('a contact link', () => {
  const link = fromJson(contact.link) as ContactShortLink;
  const fixed = fromJson(contact.fixed.data) as FixedLinkData;
  const prepared = prepareContactLink(realCrypto, 'g', preparationOf(contact.fixed));

  test('is prepared with no network', () => {
    expect(encodeFixedLinkData(fixed).toString('hex')).toBe(contact.fixed.fixedData);
    expect(linkKeyOf(hex(contact.fixed.fixedData))).toEqual(link.linkKey);
    expect(prepared.link).toEqual(link);
    expect(prepared.connection).toEqual(fixed.connection);
    expect(prepared.linkId.toString('hex')).toBe(contact.linkId);
    expect(prepared.fixedData).toHaveLength(2048);
    expect(prepared.fixedData.toString('hex')).toBe(contact.fixed.sealed);
  });

  test('has a key that is put through HSalsa20 before it boxes', () => {
    const { symmetricKey } = contactLinkKeys(link.linkKey);
    expect(symmetricKey.toString('hex')).toBe(contact.symmetricKey);
    expect(hsalsa20(symmetricKey).toString('hex')).toBe(contact.boxKey);
    const { nonce, sealed } = contact.naclSecretbox;
    expect(sealed.startsWith(nonce)).toBe(true);
    expect(openLinkPart(realCrypto, symmetricKey, hex(sealed))).toEqual({
      ok: false,
      error: 'A_CRYPTO DECRYPT_CB',
    });
  });

  test.each(contact.user as PartVector[])('$name', (vector) => {
    const user = fromJson(vector.data) as ContactLinkData;
    expect(encodeContactLinkData(user).toString('hex')).toBe(vector.userData);
    expect(realCrypto.sign(signerOf(vector), hex(vector.userData)).toString('hex')).toBe(vector.signature);
    const credentials = { ...prepared.credentials, signer: signerOf(vector) };
    const sealed = sealContactLinkData(realCrypto, credentials, user, hex(vector.nonce));
    expect(sealed).toEqual(ok(hex(vector.sealed)));
    expect(hex(vector.sealed)).toHaveLength(13_824);
    const read = {
      senderId: hex(contact.senderId),
      fixedData: prepared.fixedData,
      userData: hex(vector.sealed),
    };
    expect(openContactLink(realCrypto, link, read)).toEqual(ok({ fixed, user }));
  });
});

describe('an invitation', () => {
  const link = fromJson(invitation.link) as InvitationShortLink;
  const fixed = fromJson(invitation.fixed.data) as FixedLinkData;
  const prepared = prepareInvitation(realCrypto, preparationOf(invitation.fixed));

  test('is prepared with no network; the server makes its link id', () => {
    expect(encodeFixedLinkData(fixed).toString('hex')).toBe(invitation.fixed.fixedData);
    expect(prepared.connection).toEqual(fixed.connection);
    expect(prepared.fixedData.toString('hex')).toBe(invitation.fixed.sealed);
    expect(invitationLinkOf(prepared, link.linkId)).toEqual(link);
    expect(invitationLinkKey(link.linkKey).toString('hex')).toBe(invitation.symmetricKey);
  });

  test.each(invitation.user as PartVector[])('$name', (vector) => {
    const user = fromJson(vector.data) as InvitationLinkData;
    expect(encodeInvitationLinkData(user).toString('hex')).toBe(vector.userData);
    const sealed = sealInvitationLinkData(realCrypto, prepared.credentials, user, hex(vector.nonce));
    expect(sealed).toEqual(ok(hex(vector.sealed)));
    const { fixedData } = prepared;
    const read = { senderId: hex(invitation.senderId), fixedData, userData: hex(vector.sealed) };
    expect(openInvitationLink(realCrypto, link, read)).toEqual(ok({ fixed, user }));
  });
});

describe('owners', () => {
  interface OwnerVector {
    readonly by: string;
    readonly seed: string;
    readonly ownerId: string;
    readonly ownerKey: string;
    readonly signature: string;
    readonly encoded: string;
  }

  test.each(owners.authorised as OwnerVector[])('authorised by $by', (vector) => {
    const owner: OwnerAuth = {
      ownerId: hex(vector.ownerId),
      ownerKey: hex(vector.ownerKey),
      signature: hex(vector.signature),
    };
    expect(authoriseOwner(realCrypto, keyPair(vector.seed), owner)).toEqual(owner);
    const writer = new Writer();
    writeOwner(writer, owner);
    expect(writer.finish().toString('hex')).toBe(vector.encoded);
    expect(readOwner(new Reader(hex(vector.encoded)))).toEqual(owner);
  });
});

describe('a reader refuses', () => {
  interface Refused {
    readonly name: string;
    readonly error: string;
    readonly link: unknown;
    readonly senderId: string;
    readonly symmetricKey: string;
    readonly fixedNonce: string;
    readonly signedFixed: string;
    readonly sealedFixedSha256: string;
    readonly userNonce: string;
    readonly signedUser: string;
    readonly sealedUserSha256: string;
  }

  const seal = (key: string, nonce: string, signed: string, size: number): Buffer =>
    Buffer.concat([hex(nonce), realCrypto.seal(hsalsa20(hex(key)), hex(nonce), pad(hex(signed), size))]);

  function open(link: ShortLink, read: ReadLink) {
    return link.kind === 'contact'
      ? openContactLink(realCrypto, link, read)
      : openInvitationLink(realCrypto, link, read);
  }

  test.each(refused as Refused[])('$name: $error', (vector) => {
    const fixedData = seal(vector.symmetricKey, vector.fixedNonce, vector.signedFixed, 2008);
    const userData = seal(vector.symmetricKey, vector.userNonce, vector.signedUser, 13_784);
    expect(sha256(fixedData).toString('hex')).toBe(vector.sealedFixedSha256);
    expect(sha256(userData).toString('hex')).toBe(vector.sealedUserSha256);
    const link = fromJson(vector.link) as ShortLink;
    expect(open(link, { senderId: hex(vector.senderId), fixedData, userData })).toEqual({
      ok: false,
      error: vector.error,
    });
  });
});
