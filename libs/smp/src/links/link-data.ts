/** The two data parts behind a short link, as they are before signing and sealing. */
import {
  readConnectionRequest,
  readVersions,
  writeConnectionRequest,
  writeVersions,
  type ConnectionRequest,
  type VersionRange,
} from './address';
import { publicKeyType } from '../crypto';
import { decoded, Reader, refused, Writer, type Decoded } from '../encoding';
import { readOwner, writeOwner, type OwnerAuth } from './link-owners';
import { readShortLink, writeShortLink, type ShortLink } from './short-link';

/** Immutable: its hash is the link key. */
export interface FixedLinkData {
  readonly agentVersions: VersionRange;
  /** DER Ed25519 public key of whoever made the link */
  readonly rootKey: Uint8Array;
  readonly connection: ConnectionRequest;
  /** in channels the group's permanent id */
  readonly entityId?: Uint8Array;
}

/** Mutable, of an invitation: LSET replaces it until the queue is secured. */
export interface InvitationLinkData {
  readonly agentVersions: VersionRange;
  /** the application's */
  readonly userLinkData: Uint8Array;
}

/** Mutable, of a contact link: LSET replaces it. */
export interface ContactLinkData extends InvitationLinkData {
  /** false: connect through the relays only */
  readonly direct: boolean;
  /** at most 32, each authorised by the root key or by one before it */
  readonly owners: readonly OwnerAuth[];
  /** at most 255 contact links of any type */
  readonly relays: readonly ShortLink[];
}

/** What a contact link leads to. */
export interface LinkData {
  readonly fixed: FixedLinkData;
  readonly user: ContactLinkData;
}

/** What an invitation leads to. */
export interface InvitationData {
  readonly fixed: FixedLinkData;
  readonly user: InvitationLinkData;
}

/** Longer user link data takes a marker byte and a Word16 length. */
const MAX_SHORT_USER_DATA = 254;
const LONG_USER_DATA = 0xff;
/** Ratchet parameters begin with a version, hence with 0; an entity id never does. */
const RATCHET = '\0';

export function encodeFixedLinkData(data: FixedLinkData): Buffer {
  const writer = new Writer();
  writeVersions(writer, data.agentVersions);
  writer.shortString(data.rootKey);
  writeConnectionRequest(writer, data.connection);
  if (data.entityId) writer.shortString(data.entityId);
  return writer.finish();
}

/** Invitations of agents with a ratchet say its parameters before the entity id: both are passed over. */
function readEntityId(reader: Reader, { mode }: ConnectionRequest): Buffer | undefined {
  const next = reader.peek();
  return next === '' || (mode === 'I' && next === RATCHET) ? undefined : reader.shortString();
}

/** Bytes after what is understood are ignored. Refuses with `A_MESSAGE`. */
export function decodeFixedLinkData(bytes: Uint8Array): Decoded<FixedLinkData> {
  const reader = new Reader(bytes);
  const agentVersions = readVersions(reader);
  const rootKey = reader.shortString();
  if (publicKeyType(rootKey) !== 'ed25519') reader.fail();
  const connection = readConnectionRequest(reader);
  const entityId = readEntityId(reader, connection);
  if (reader.failed) return refused('A_MESSAGE');
  return decoded({ agentVersions, rootKey, connection, ...(entityId && { entityId }) });
}

function writeUserLinkData(writer: Writer, data: Uint8Array): void {
  if (data.length <= MAX_SHORT_USER_DATA) writer.shortString(data);
  else writer.byte(LONG_USER_DATA).large(data);
}

function readUserLinkData(reader: Reader): Buffer {
  const length = reader.byte();
  return length === LONG_USER_DATA ? reader.large() : reader.bytes(length);
}

function writeRelay(writer: Writer, relay: ShortLink): void {
  if (relay.kind !== 'contact') throw new RangeError('an invitation is no relay link');
  writeShortLink(writer, relay);
}

function readRelay(reader: Reader): ShortLink {
  const relay = readShortLink(reader);
  if (relay.kind !== 'contact') reader.fail();
  return relay;
}

export function encodeContactLinkData(data: ContactLinkData): Buffer {
  const writer = new Writer(1024).ascii('C');
  writeVersions(writer, data.agentVersions);
  writer.bool(data.direct);
  writer.list(data.owners, (owner) => writeOwner(writer, owner));
  writer.list(data.relays, (relay) => writeRelay(writer, relay));
  writeUserLinkData(writer, data.userLinkData);
  return writer.finish();
}

/** Bytes after what is understood are ignored. Refuses with `A_MESSAGE`. */
export function decodeContactLinkData(bytes: Uint8Array): Decoded<ContactLinkData> {
  const reader = new Reader(bytes);
  reader.expect('C');
  const agentVersions = readVersions(reader);
  const direct = reader.bool();
  const owners = reader.list(() => readOwner(reader));
  const relays = reader.list(() => readRelay(reader));
  const userLinkData = readUserLinkData(reader);
  if (reader.failed) return refused('A_MESSAGE');
  return decoded({ agentVersions, direct, owners, relays, userLinkData });
}

export function encodeInvitationLinkData(data: InvitationLinkData): Buffer {
  const writer = new Writer(1024).ascii('I');
  writeVersions(writer, data.agentVersions);
  writeUserLinkData(writer, data.userLinkData);
  return writer.finish();
}

/** Bytes after what is understood are ignored. Refuses with `A_MESSAGE`. */
export function decodeInvitationLinkData(bytes: Uint8Array): Decoded<InvitationLinkData> {
  const reader = new Reader(bytes);
  reader.expect('I');
  const agentVersions = readVersions(reader);
  const userLinkData = readUserLinkData(reader);
  return reader.failed ? refused('A_MESSAGE') : decoded({ agentVersions, userLinkData });
}
