/** Who besides the root key may sign a contact link's user data: each owner is authorised by the root or an earlier one. */
import { publicKeyType, type Crypto, type KeyPair } from '../crypto';
import { asBuffer, Reader, sameBytes, Writer } from '../encoding';

export interface OwnerAuth {
  /** in channels the member id */
  readonly ownerId: Uint8Array;
  /** DER Ed25519 public key */
  readonly ownerKey: Uint8Array;
  /** 64 bytes, by the root key or the key of an owner earlier in the list */
  readonly signature: Uint8Array;
}

/** Owner id, then key, with no lengths. */
function authorised({ ownerId, ownerKey }: Pick<OwnerAuth, 'ownerId' | 'ownerKey'>): Buffer {
  return Buffer.concat([ownerId, ownerKey]);
}

/** @param signer the root key, or the key of an owner who will stand earlier in the list */
export function authoriseOwner(
  crypto: Crypto,
  signer: KeyPair,
  owner: Pick<OwnerAuth, 'ownerId' | 'ownerKey'>,
): OwnerAuth {
  const { ownerId, ownerKey } = owner;
  return { ownerId, ownerKey, signature: crypto.sign(signer, authorised(owner)) };
}

export function writeOwner(writer: Writer, owner: OwnerAuth): void {
  const inner = new Writer();
  inner.shortString(owner.ownerId).shortString(owner.ownerKey).shortString(owner.signature);
  writer.shortString(inner.finish());
}

/** What a later version adds inside an owner is ignored. */
export function readOwner(reader: Reader): OwnerAuth {
  const inner = new Reader(reader.shortString());
  const owner = {
    ownerId: inner.shortString(),
    ownerKey: inner.shortString(),
    signature: inner.shortString(),
  };
  if (inner.failed || publicKeyType(owner.ownerKey) !== 'ed25519') reader.fail();
  return owner;
}

function ownerRefusal(
  crypto: Crypto,
  rootKey: Uint8Array,
  owner: OwnerAuth,
  earlier: readonly OwnerAuth[],
): string | undefined {
  const { ownerKey, ownerId, signature } = owner;
  const id = asBuffer(ownerId).toString('base64url');
  if (sameBytes(ownerKey, rootKey)) return `owner key for ID ${id} matches root key`;
  const isKnown = (known: OwnerAuth): boolean =>
    sameBytes(known.ownerId, ownerId) || sameBytes(known.ownerKey, ownerKey);
  if (earlier.some(isKnown)) return `duplicate owner key or ID ${id}`;
  const message = authorised(owner);
  const keys = [rootKey, ...earlier.map((known) => known.ownerKey)];
  if (!keys.some((key) => crypto.verify(key, message, signature))) {
    return `invalid authorization of owner ID ${id}`;
  }
  return undefined;
}

/** Checking a chain takes the square of its length in signatures; SMP's authors speak of 8 owners. */
const MOST_OWNERS = 32;

/** Why the list is not a chain of owners that begins at the root key, or undefined when it is. */
export function ownersRefusal(
  crypto: Crypto,
  rootKey: Uint8Array,
  owners: readonly OwnerAuth[],
): string | undefined {
  if (owners.length > MOST_OWNERS) return `more than ${MOST_OWNERS} owners`;
  for (const [index, owner] of owners.entries()) {
    const refusal = ownerRefusal(crypto, rootKey, owner, owners.slice(0, index));
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

/** What signs and seals the user data of a link; kept by each of its owners. */
export interface LinkCredentials {
  readonly linkKey: Uint8Array;
  /** DER Ed25519 public key */
  readonly rootKey: Uint8Array;
  /** the root key itself, or the key of an owner in the list */
  readonly signer: KeyPair;
}

/** Why these owners must not be written, or undefined. */
export function writtenOwnersRefusal(
  crypto: Crypto,
  { rootKey, signer }: LinkCredentials,
  owners: readonly OwnerAuth[],
): string | undefined {
  const signs = (key: Uint8Array): boolean => sameBytes(key, signer.publicKey);
  if (!signs(rootKey) && !owners.some(({ ownerKey }) => signs(ownerKey))) {
    return 'no current owner in link data';
  }
  return ownersRefusal(crypto, rootKey, owners);
}
