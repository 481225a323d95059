/** Servers and queues as links and agents name them (binary forms of SMP client 1-4 and agent 2-7). */
import type { QueueMode } from '../commands/command';
import { publicKeyType } from '../crypto';
import { Reader, Writer } from '../encoding';

export interface ServerAddress {
  /** at least one; the first is the main host, the others (onion) lead to the same server */
  readonly hosts: readonly [string, ...string[]];
  /** decimal text, '' for the default */
  readonly port: string;
  /** hash of the server's certificate; empty when links rely on the host alone */
  readonly keyHash: Uint8Array;
}

export interface VersionRange {
  readonly min: number;
  readonly max: number;
}

export const SMP_CLIENT_VERSIONS: VersionRange = { min: 1, max: 4 };
export const AGENT_VERSIONS: VersionRange = { min: 2, max: 7 };
/** The first client version whose queue addresses name the queue's mode. */
export const MODE_VERSION = 4;
/** The first client version whose senders can secure a queue. */
export const SECURE_VERSION = 3;

/** Where to send: what one agent tells the other about its queue. */
export interface QueueAddress {
  readonly server: ServerAddress;
  readonly senderId: Uint8Array;
  /** DER X25519 public key, 44 bytes, for end-to-end encryption to the queue's owner */
  readonly dhKey: Uint8Array;
  readonly mode: QueueMode;
}

export interface QueueUri extends QueueAddress {
  readonly versions: VersionRange;
}

/** How to connect: `C` to a contact address, `I` by an invitation. */
export interface ConnectionRequest {
  readonly mode: 'C' | 'I';
  readonly agentVersions: VersionRange;
  /** at least one */
  readonly queues: readonly QueueUri[];
  readonly clientData?: Uint8Array;
}

export function writeVersions(writer: Writer, range: VersionRange): void {
  writer.word16(range.min).word16(range.max);
}

export function readVersions(reader: Reader): VersionRange {
  const range = { min: reader.word16(), max: reader.word16() };
  if (range.min > range.max) reader.fail();
  return range;
}

/** A name, an IPv4 address, or an IPv6 address in brackets: what every text form of an address can say. */
export function isHost(host: string): boolean {
  return /^(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])$/.test(host);
}

export function isPort(port: string): boolean {
  return /^\d{0,5}$/.test(port);
}

export function writeServer(writer: Writer, server: ServerAddress): void {
  writer.list(server.hosts, (host) => writer.text(host));
  writer.text(server.port).shortString(server.keyHash);
}

export function readServer(reader: Reader): ServerAddress {
  const hosts = reader.list(() => reader.text());
  const port = reader.text();
  const keyHash = reader.shortString();
  if (hosts.length === 0 || !hosts.every(isHost) || !isPort(port)) reader.fail();
  return { hosts: hosts as [string, ...string[]], port, keyHash };
}

function writeAddress(writer: Writer, queue: QueueAddress): void {
  writeServer(writer, queue.server);
  writer.shortString(queue.senderId).shortString(queue.dhKey);
}

function readAddress(reader: Reader): Omit<QueueAddress, 'mode'> {
  const server = readServer(reader);
  const senderId = reader.shortString();
  const dhKey = reader.shortString();
  if (publicKeyType(dhKey) !== 'x25519') reader.fail();
  return { server, senderId, dhKey };
}

/** `M` and `C` since version 4; before, `T` says that the sender can secure the queue: a messaging queue. */
function writeMode(writer: Writer, mode: QueueMode, { min, max }: VersionRange): void {
  if (min >= MODE_VERSION) writer.ascii(mode);
  else if (max >= SECURE_VERSION && mode === 'M') writer.ascii('T');
}

/** Nothing said means a contact queue. */
function readMode(reader: Reader, { min, max }: VersionRange): QueueMode {
  const next = reader.peek();
  if (min >= MODE_VERSION && (next === 'M' || next === 'C')) return reader.char() as QueueMode;
  if (min < MODE_VERSION && max >= SECURE_VERSION && next === 'T') {
    reader.byte();
    return 'M';
  }
  return 'C';
}

function writeQueueUri(writer: Writer, queue: QueueUri): void {
  writeVersions(writer, queue.versions);
  writeAddress(writer, queue);
  writeMode(writer, queue.mode, queue.versions);
}

function readQueueUri(reader: Reader): QueueUri {
  const versions = readVersions(reader);
  const address = readAddress(reader);
  return { versions, ...address, mode: readMode(reader, versions) };
}

/** A queue in a reply: one agreed client version instead of a range. */
export function writeQueueInfo(writer: Writer, queue: QueueAddress, version = SMP_CLIENT_VERSIONS.max): void {
  writer.word16(version);
  writeAddress(writer, queue);
  writeMode(writer, queue.mode, { min: version, max: version });
}

export function readQueueInfo(reader: Reader): QueueAddress {
  const version = reader.word16();
  const address = readAddress(reader);
  return { ...address, mode: readMode(reader, { min: version, max: version }) };
}

/** An invitation's ratchet parameters would follow; there is no ratchet, so nothing does. */
export function writeConnectionRequest(writer: Writer, request: ConnectionRequest): void {
  writer.ascii(request.mode);
  writeVersions(writer, request.agentVersions);
  writer.list(request.queues, (queue) => writeQueueUri(writer, queue));
  writer.maybe(request.clientData, (data) => writer.large(data));
}

export function readConnectionRequest(reader: Reader): ConnectionRequest {
  const mode = reader.char();
  if (mode !== 'C' && mode !== 'I') reader.fail();
  const agentVersions = readVersions(reader);
  const queues = reader.list(() => readQueueUri(reader));
  if (queues.length === 0) reader.fail();
  const clientData = reader.maybe(() => reader.large());
  return { mode: mode as 'C' | 'I', agentVersions, queues, ...(clientData && { clientData }) };
}
