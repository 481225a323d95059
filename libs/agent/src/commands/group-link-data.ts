import {
  authoriseOwner,
  type ContactLinkData,
  type Crypto,
  formatShortLink,
  type KeyPair,
  type LinkData,
} from '@chat-relays/smp';
import type { LinkFacts, OwnerIdentity } from '@chat-relays/protocol';
import { decodeBase64Url, encodeBase64Url, idBytes, signedBytes, textId } from '@chat-relays/wire';
import { PermanentError } from './permanent-error';
import { sign } from '../sealing/signing';

/** The application's part of link data: JSON. Of a group, the profile with what its owner signed it with. */
interface UserData {
  readonly groupProfile?: object;
  readonly profileSignature?: unknown;
}

/**
 * Who owns the group, and its data signed by that owner: whoever reads the link sees that the profile is not the root
 * key's alone.
 * @param publicGroupId base64url
 */
export function ownedData(
  crypto: Crypto,
  root: KeyPair,
  owner: Pick<OwnerIdentity, 'ownerMemberId' | 'ownerSeed' | 'ownerKey'>,
  publicGroupId: string,
  data: UserData,
): Pick<ContactLinkData, 'owners' | 'userLinkData'> {
  const { ownerMemberId, ownerSeed, ownerKey } = owner;
  const signer = { seed: ownerSeed, publicGroupId, memberId: ownerMemberId };
  const profileSignature = encodeBase64Url(sign(crypto, signer, profileBytes(data)));
  return {
    owners: [authoriseOwner(crypto, root, { ownerId: idBytes(ownerMemberId), ownerKey: idBytes(ownerKey) })],
    userLinkData: Buffer.from(JSON.stringify({ ...data, profileSignature })),
  };
}

/** The facts of LDATA. @throws {PermanentError} for data that is no JSON object */
export function linkFacts(crypto: Crypto, { fixed, user }: LinkData): LinkFacts {
  const data = jsonOf(user.userLinkData);
  const publicGroupId = fixed.entityId ?? new Uint8Array(0);
  const signature = signatureOf(data);
  const hasSigned = ({ ownerId, ownerKey }: ContactLinkData['owners'][number]): boolean =>
    signature !== undefined &&
    crypto.verify(ownerKey, Buffer.from(signedBytes(publicGroupId, ownerId, profileBytes(data))), signature);
  return {
    relayLinks: user.relays.map((relay) => formatShortLink(relay)),
    entityId: textId(publicGroupId),
    owners: user.owners.map(({ ownerKey }) => textId(ownerKey)),
    signers: user.owners.filter(hasSigned).map(({ ownerKey }) => textId(ownerKey)),
    data: data as LinkFacts['data'],
  };
}

/** JSON keeps the order of what it read, so whoever reads the profile can write the bytes that were signed. */
function profileBytes({ groupProfile }: UserData): Buffer {
  return Buffer.from(JSON.stringify(groupProfile ?? null));
}

function signatureOf({ profileSignature }: UserData): Uint8Array | undefined {
  return typeof profileSignature === 'string' ? decodeBase64Url(profileSignature) : undefined;
}

function jsonOf(bytes: Uint8Array): UserData {
  try {
    const data: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
    if (typeof data === 'object' && data !== null) return data;
  } catch {
    // said below
  }
  throw new PermanentError('the link data is not JSON');
}
