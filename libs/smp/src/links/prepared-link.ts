/**
 * Links made with no network. Preparing gives the link itself and its sealed fixed part, which NEW and every LSET repeat
 * byte for byte; the user part is sealed apart, when it is written and again whenever it changes.
 */
import { AGENT_VERSIONS, SMP_CLIENT_VERSIONS, type ConnectionRequest, type QueueAddress } from './address';
import type { Crypto, KeyPair } from '../crypto';
import { decoded, EMPTY, refused, sameBytes, type Decoded } from '../encoding';
import {
  encodeContactLinkData,
  encodeFixedLinkData,
  encodeInvitationLinkData,
  type ContactLinkData,
  type InvitationLinkData,
} from './link-data';
import { contactLinkKeys, invitationLinkKey, linkKeyOf } from './link-keys';
import { writtenOwnersRefusal, type LinkCredentials } from './link-owners';
import { MAX_LINK_DATA_BYTES, sealLinkPart } from './link-seal';
import type { ContactShortLink, ContactType, InvitationShortLink } from './short-link';

export interface LinkPreparation {
  /** Ed25519 */
  readonly rootKey: KeyPair;
  /** the queue that NEW will make: its sender id follows from the corrId of that NEW */
  readonly queue: Omit<QueueAddress, 'mode'>;
  /** in channels the group's permanent id */
  readonly entityId?: Uint8Array;
  /** UTF-8 that the long form of the link says too */
  readonly clientData?: Uint8Array;
  /** 24 bytes, for the fixed part and nothing else */
  readonly nonce: Uint8Array;
}

export interface PreparedLink {
  /** the long form of the link */
  readonly connection: ConnectionRequest;
  /** with the root key as signer */
  readonly credentials: LinkCredentials;
  /** sealed, 2048 bytes: to keep, since LSET must repeat it */
  readonly fixedData: Buffer;
}

export interface PreparedContactLink extends PreparedLink {
  readonly link: ContactShortLink;
  readonly linkId: Buffer;
}

/** Without a link until IDS says the link id, which the server makes: see `invitationLinkOf`. */
export type PreparedInvitation = PreparedLink;

function prepare(
  crypto: Crypto,
  mode: 'C' | 'I',
  { rootKey, queue, entityId, clientData, nonce }: LinkPreparation,
): PreparedLink {
  const connection: ConnectionRequest = {
    mode,
    agentVersions: AGENT_VERSIONS,
    queues: [{ ...queue, mode: mode === 'C' ? 'C' : 'M', versions: SMP_CLIENT_VERSIONS }],
    ...(clientData && { clientData }),
  };
  const data = encodeFixedLinkData({
    agentVersions: AGENT_VERSIONS,
    rootKey: rootKey.publicKey,
    connection,
    ...(entityId && { entityId }),
  });
  const linkKey = linkKeyOf(data);
  const symmetricKey = mode === 'C' ? contactLinkKeys(linkKey).symmetricKey : invitationLinkKey(linkKey);
  const fixedData = sealLinkPart(crypto, 'fixed', { symmetricKey, signer: rootKey, nonce }, data);
  return { connection, credentials: { linkKey, rootKey: rootKey.publicKey, signer: rootKey }, fixedData };
}

/** @throws {RangeError} for fixed data over `MAX_LINK_DATA_BYTES.fixed` */
export function prepareContactLink(
  crypto: Crypto,
  type: ContactType,
  preparation: LinkPreparation,
): PreparedContactLink {
  const prepared = prepare(crypto, 'C', preparation);
  const { linkKey } = prepared.credentials;
  const { linkId } = contactLinkKeys(linkKey);
  return { ...prepared, linkId, link: { kind: 'contact', type, server: preparation.queue.server, linkKey } };
}

/** @throws {RangeError} for fixed data over `MAX_LINK_DATA_BYTES.fixed` */
export function prepareInvitation(crypto: Crypto, preparation: LinkPreparation): PreparedInvitation {
  return prepare(crypto, 'I', preparation);
}

export function invitationLinkOf(
  { connection, credentials }: PreparedInvitation,
  linkId: Uint8Array,
): InvitationShortLink {
  const { server } = connection.queues[0];
  return { kind: 'invitation', server, linkId, linkKey: credentials.linkKey };
}

const MOST_RELAYS = 255;
const MOST = MAX_LINK_DATA_BYTES.user;

function tooManyRelays({ relays: { length } }: ContactLinkData): string | undefined {
  return length > MOST_RELAYS ? `${length} relays, at most ${MOST_RELAYS} fit` : undefined;
}

/** What the encodings cannot say the length of is too long as well. */
function encodeWithin<Data extends InvitationLinkData>(
  data: Data,
  encode: (data: Data) => Buffer,
): Decoded<Buffer> {
  const { length } = data.userLinkData;
  const encoded = encode(length > MOST ? { ...data, userLinkData: EMPTY } : data);
  const size = encoded.length + (length > MOST ? 2 + length : 0);
  return size > MOST ? refused(`A_LINK "link data of ${size} bytes, at most ${MOST} fit"`) : decoded(encoded);
}

/**
 * The sealed user part of a contact link, 13,824 bytes, signed by the root key or an owner.
 * Refuses with `A_LINK "…"`: `no current owner in link data` for a signer who is neither, an owner that no reader would
 * accept (see `ownersRefusal`), or what does not fit, with its size and the limit.
 * @param nonce 24 bytes, new for every change
 */
export function sealContactLinkData(
  crypto: Crypto,
  credentials: LinkCredentials,
  data: ContactLinkData,
  nonce: Uint8Array,
): Decoded<Buffer> {
  const refusal = tooManyRelays(data) ?? writtenOwnersRefusal(crypto, credentials, data.owners);
  if (refusal !== undefined) return refused(`A_LINK "${refusal}"`);
  const encoded = encodeWithin(data, encodeContactLinkData);
  if (!encoded.ok) return encoded;
  const { signer, linkKey } = credentials;
  const { symmetricKey } = contactLinkKeys(linkKey);
  return decoded(sealLinkPart(crypto, 'user', { symmetricKey, signer, nonce }, encoded.value));
}

/**
 * The sealed user part of an invitation, 13,824 bytes. Refuses with `A_LINK "…"` what does not fit.
 * @param nonce 24 bytes, new for every change
 * @throws {RangeError} for a signer other than the root key: invitations have no owners
 */
export function sealInvitationLinkData(
  crypto: Crypto,
  { linkKey, rootKey, signer }: LinkCredentials,
  data: InvitationLinkData,
  nonce: Uint8Array,
): Decoded<Buffer> {
  if (!sameBytes(rootKey, signer.publicKey)) throw new RangeError('only its root key signs an invitation');
  const encoded = encodeWithin(data, encodeInvitationLinkData);
  if (!encoded.ok) return encoded;
  const symmetricKey = invitationLinkKey(linkKey);
  return decoded(sealLinkPart(crypto, 'user', { symmetricKey, signer, nonce }, encoded.value));
}
