import {
  AGENT_VERSIONS,
  contactLinkKeys,
  type LinkCredentials,
  type LinkData,
  NONCE_BYTES,
  openContactLink,
  parseShortLink,
  type QueueAddress,
  type Response,
  sealContactLinkData,
  type ServerAddress,
  type ShortLink,
} from '@chat-relays/smp';
import { type Group, listedRelayLinks } from '@chat-relays/protocol';
import type { GroupAim, ReceiveQueue } from './command';
import { ownedData } from './group-link-data';
import { keyPair, privateKey } from '../sealing/keys';
import { PermanentError } from './permanent-error';
import type { Deliveries, Host, Store } from '../ports';
import type { Sealer } from '../sealing/sealer';
import { QueueFullError, type Smp } from '../smp-port';

/** A host in a link has at most 255 bytes; with a key, a key hash and a second host, links are under 250. */
const MAX_RELAY_LINK_BYTES = 300;

/** What carrying out a command needs. */
export interface Road {
  readonly smp: Smp;
  readonly store: Store;
  /** what a relay forwarded */
  readonly deliveries: Pick<Deliveries, 'newest' | 'completed' | 'next' | 'former' | 'forget'>;
  /** members that a relay has to do with at once */
  readonly page: number;
  readonly host: Host;
  readonly sealer: Sealer;
  /** the SMP server at which this agent's queues are */
  readonly server: string;
  /** the server's password for creating queues */
  readonly basicAuth?: Uint8Array;
  /** traceparent of the execution */
  readonly trace?: string;
}

/** Servers are named by one host; the default port, and the broker instead of a certificate. */
export function serverAddress(server: string): ServerAddress {
  return { hosts: [server], port: '', keyHash: new Uint8Array(0) };
}

/** A temporary error where waiting can help (a full queue), else a permanent one. */
export function refusedBy(command: string, response: Response): Error {
  const answer = response.kind === 'ERR' ? response.error : response.kind;
  const message = `${command}: ${answer}`;
  return answer === 'QUOTA' ? new QueueFullError(message) : new PermanentError(message);
}

/**
 * Reads a contact link and checks that the data is the link's, and signed by who made it or an owner.
 * @throws {PermanentError} that says which check failed
 */
export async function getConnShortLink(
  uri: string,
  { smp, host, trace }: Road,
): Promise<{ data: LinkData; target: QueueAddress }> {
  const link = contactLink(uri);
  const response = await smp.request(link.server.hosts[0], {
    entityId: contactLinkKeys(link.linkKey).linkId,
    command: { kind: 'LGET' },
    trace,
  });
  if (response.kind !== 'LNK') throw refusedBy(`LGET ${uri}`, response);
  const read = openContactLink(host.crypto, link, response);
  if (!read.ok) throw new PermanentError(`${read.error} in ${uri}`);
  return { data: read.value, target: read.value.fixed.connection.queues[0] };
}

/** Who signs a link of ours: its root key, which follows from the seed of its queue. */
function credentialsOf({ seed, link }: ReceiveQueue, host: Host): LinkCredentials {
  const root = keyPair(host.crypto, seed, 'root');
  return { linkKey: contactLink(link!.uri).linkKey, rootKey: root.publicKey, signer: root };
}

/**
 * Writes a group's link data with every relay that is accepted by now: what is listed is read when this executes, and
 * the answer says what was written, so that no relay is dropped by one that was accepted earlier or later. A relay that
 * answered with something else than a link is refused when it is its turn, and keeps no other one off. The fixed part of
 * the link stays as it is, byte for byte; the user part is signed anew.
 */
export async function setConnShortLink(
  { groupId }: GroupAim,
  asking: string,
  { smp, store, host, trace }: Road,
): Promise<string[]> {
  const ref = { noun: 'group', id: groupId } as const;
  const queue = await store.linkOf(ref);
  if (!queue?.link) throw new PermanentError(`group ${groupId} has no link`);
  const { relays, group } = await store.commit(async (unit) => {
    const [record] = await unit.load([ref]);
    return { relays: await unit.relaysOf(groupId), group: record.data as unknown as Group };
  });
  const { profile, protocol, publicGroupId } = group;
  const credentials = credentialsOf(queue, host);
  const data = { groupProfile: profile, protocol };
  listedRelayLinks(relays.filter(({ id }) => id === asking)).forEach(relayLink);
  const relayLinks = listedRelayLinks(relays).filter(isRelayLink);
  const { linkId, fixedData } = queue.link;
  const userData = sealContactLinkData(
    host.crypto,
    credentials,
    {
      agentVersions: AGENT_VERSIONS,
      direct: false,
      relays: relayLinks.map(relayLink),
      ...ownedData(host.crypto, credentials.signer, group, publicGroupId!, data),
    },
    host.random(NONCE_BYTES),
  );
  if (!userData.ok) throw new PermanentError(userData.error);
  const response = await smp.request(queue.server, {
    entityId: queue.recipientId,
    command: { kind: 'LSET', linkId, fixedData, userData: userData.value },
    key: privateKey(host.crypto, queue.seed, 'recipient'),
    trace,
  });
  if (response.kind !== 'OK') throw refusedBy('LSET', response);
  return relayLinks;
}

function contactLink(uri: string): ShortLink & { kind: 'contact' } {
  const link = parseShortLink(uri);
  if (!link.ok || link.value.kind !== 'contact') throw new PermanentError(`"${uri}" is not a contact link`);
  return link.value;
}

/** As a peer said it: of a length that link data can hold, however many relays there are. */
function relayLink(uri: string): ShortLink {
  if (Buffer.byteLength(uri) > MAX_RELAY_LINK_BYTES) throw new PermanentError('the relay link is too long');
  return contactLink(uri);
}

function isRelayLink(uri: string): boolean {
  try {
    relayLink(uri);
    return true;
  } catch {
    return false;
  }
}
