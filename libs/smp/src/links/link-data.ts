/** The two data parts behind a short link, their keys, and their checks on reading (here unsealed and unsigned). */
import {
  AGENT_VERSIONS,
  readConnectionRequest,
  readVersions,
  writeConnectionRequest,
  writeVersions,
  type ConnectionRequest,
  type VersionRange,
} from './address';
import type { LinkParts } from '../commands/command';
import { hkdfSha512, publicKeyType, sha3of256 } from '../crypto';
import { decoded, Reader, refused, sameBytes, Writer, type Decoded } from '../encoding';
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

export interface LinkOwner {
  readonly ownerId: Uint8Array;
  /** DER Ed25519 public key */
  readonly ownerKey: Uint8Array;
  /** 64 bytes */
  readonly signature: Uint8Array;
}

/** Mutable, of a contact link: LSET replaces it. */
export interface ContactLinkData {
  readonly agentVersions: VersionRange;
  /** false: connect through the relays only */
  readonly direct: boolean;
  readonly owners: readonly LinkOwner[];
  readonly relays: readonly ShortLink[];
  /** the application's, such as a group profile */
  readonly userLinkData: Uint8Array;
}

export interface LinkData {
  readonly fixed: FixedLinkData;
  readonly user: ContactLinkData;
}

/** Longer user link data takes a marker byte and a Word16 length. */
const MAX_SHORT_USER_DATA = 254;
const LONG_USER_DATA = 0xff;
const CONTACT_LINK_INFO = 'SimpleXContactLink';
const LINK_ID_BYTES = 24;
const SYMMETRIC_KEY_BYTES = 32;

export function encodeFixedLinkData(data: FixedLinkData): Buffer {
  const writer = new Writer();
  writeVersions(writer, data.agentVersions);
  writer.shortString(data.rootKey);
  writeConnectionRequest(writer, data.connection);
  if (data.entityId) writer.shortString(data.entityId);
  return writer.finish();
}

/** Bytes after what is understood are ignored. Refuses with `A_MESSAGE`. */
export function decodeFixedLinkData(bytes: Uint8Array): Decoded<FixedLinkData> {
  const reader = new Reader(bytes);
  const agentVersions = readVersions(reader);
  const rootKey = reader.shortString();
  if (publicKeyType(rootKey) !== 'ed25519') reader.fail();
  const connection = readConnectionRequest(reader);
  const entityId = reader.peek() === '' ? undefined : reader.shortString();
  if (reader.failed) return refused('A_MESSAGE');
  return decoded({ agentVersions, rootKey, connection, ...(entityId && { entityId }) });
}

function writeOwner(writer: Writer, owner: LinkOwner): void {
  const inner = new Writer();
  inner.shortString(owner.ownerId).shortString(owner.ownerKey).shortString(owner.signature);
  writer.shortString(inner.finish());
}

function readOwner(reader: Reader): LinkOwner {
  const inner = new Reader(reader.shortString());
  const owner = {
    ownerId: inner.shortString(),
    ownerKey: inner.shortString(),
    signature: inner.shortString(),
  };
  if (inner.failed || publicKeyType(owner.ownerKey) !== 'ed25519') reader.fail();
  return owner;
}

export function encodeContactLinkData(data: ContactLinkData): Buffer {
  const writer = new Writer(1024).ascii('C');
  writeVersions(writer, data.agentVersions);
  writer.bool(data.direct);
  writer.list(data.owners, (owner) => writeOwner(writer, owner));
  writer.list(data.relays, (relay) => writeShortLink(writer, relay));
  if (data.userLinkData.length <= MAX_SHORT_USER_DATA) writer.shortString(data.userLinkData);
  else writer.byte(LONG_USER_DATA).large(data.userLinkData);
  return writer.finish();
}

/** Bytes after what is understood are ignored. Refuses with `A_MESSAGE`. */
export function decodeContactLinkData(bytes: Uint8Array): Decoded<ContactLinkData> {
  const reader = new Reader(bytes);
  reader.expect('C');
  const agentVersions = readVersions(reader);
  const direct = reader.bool();
  const owners = reader.list(() => readOwner(reader));
  const relays = reader.list(() => readShortLink(reader));
  const length = reader.byte();
  const userLinkData = length === LONG_USER_DATA ? reader.large() : reader.bytes(length);
  if (reader.failed) return refused('A_MESSAGE');
  return decoded({ agentVersions, direct, owners, relays, userLinkData });
}

export function linkKeyOf(fixedData: Uint8Array): Buffer {
  return sha3of256(fixedData);
}

export interface ContactLinkKeys {
  /** 24 bytes: what LGET asks for */
  readonly linkId: Buffer;
  /** 32 bytes: seals both parts */
  readonly symmetricKey: Buffer;
}

export function contactLinkKeys(linkKey: Uint8Array): ContactLinkKeys {
  const derived = hkdfSha512(linkKey, CONTACT_LINK_INFO, LINK_ID_BYTES + SYMMETRIC_KEY_BYTES);
  return { linkId: derived.subarray(0, LINK_ID_BYTES), symmetricKey: derived.subarray(LINK_ID_BYTES) };
}

/** What LNK answered, with the sender id that it named. */
export interface ReadLink extends LinkParts {
  readonly senderId: Uint8Array;
}

/**
 * Understands and checks what LGET read through a contact link, in the order of SMP's agent.
 * Refuses with `A_MESSAGE`, `A_LINK "link data hash"` or `A_LINK "different address"`.
 */
export function readLinkData(link: ShortLink, read: ReadLink): Decoded<LinkData> {
  const fixed = decodeFixedLinkData(read.fixedData);
  if (!fixed.ok) return fixed;
  const user = decodeContactLinkData(read.userData);
  if (!user.ok) return user;
  if (!sameBytes(linkKeyOf(read.fixedData), link.linkKey)) return refused('A_LINK "link data hash"');
  const queue = fixed.value.connection.queues[0];
  const hosts: readonly string[] = queue?.server.hosts ?? [];
  if (!queue || !hosts.includes(link.server.hosts[0]) || !sameBytes(queue.senderId, read.senderId)) {
    return refused('A_LINK "different address"');
  }
  return decoded({ fixed: fixed.value, user: user.value });
}

/** The fixed data of a contact link on one queue, with the versions of this agent. */
export function contactFixedData(
  rootKey: Uint8Array,
  queue: ConnectionRequest['queues'][number],
  entityId?: Uint8Array,
): FixedLinkData {
  const connection: ConnectionRequest = { mode: 'C', agentVersions: AGENT_VERSIONS, queues: [queue] };
  return { agentVersions: AGENT_VERSIONS, rootKey, connection, ...(entityId && { entityId }) };
}
