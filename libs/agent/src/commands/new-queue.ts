import {
  AGENT_VERSIONS,
  CHAIN_START,
  type Crypto,
  formatShortLink,
  NONCE_BYTES,
  prepareContactLink,
  type PreparedContactLink,
  type QueueIds,
  type QueueRequest,
  type QueueUri,
  rawPublicKey,
  sealContactLinkData,
  senderIdOf,
  sha256,
  SMP_CLIENT_VERSIONS,
} from '@chat-relays/smp';
import { textId } from '@chat-relays/wire';
import type { Command, NewAim, ReceiveQueue } from './command';
import { ownedData } from './group-link-data';
import { derived, keyPair } from '../sealing/keys';
import { refusedBy, type Road, serverAddress } from './link';
import { PermanentError } from './permanent-error';

const CORR_ID_BYTES = 24;

/** A contact queue and its link as they will be; nobody has been asked for anything. */
export interface PreparedConnection extends PreparedContactLink {
  /** from which all of it follows: the keys, the corrId of the NEW, and so the sender id and the link */
  readonly seed: Uint8Array;
  readonly senderId: Uint8Array;
  /** the short link */
  readonly uri: string;
  /** base64url: the permanent id of a group, SHA-256 of its root key */
  readonly entityId: string;
}

/** The link that `createConnectionForLink` will create, without any network: RFC, "prepare connection api". */
export function prepareConnectionLink(
  seed: Uint8Array,
  type: NewAim['type'],
  server: string,
  crypto: Crypto,
): PreparedConnection {
  const rootKey = keyPair(crypto, seed, 'root');
  const senderId = senderIdOf(corrIdOf(crypto, seed));
  const entityId = sha256(rawPublicKey(rootKey.publicKey));
  const { publicKey: dhKey } = keyPair(crypto, seed, 'recipient dh');
  const prepared = prepareContactLink(crypto, type, {
    rootKey,
    queue: { server: serverAddress(server), senderId, dhKey },
    entityId,
    nonce: derived(crypto, seed, 'fixed data nonce', NONCE_BYTES),
  });
  return { ...prepared, seed, senderId, uri: formatShortLink(prepared.link), entityId: textId(entityId) };
}

/**
 * The prepared queue, made in one NEW with its link data. Everything follows from the seed, so a repeated NEW is
 * byte-identical and the server answers the same ids: an answer that was lost burns no link.
 */
export async function createConnectionForLink(
  prepared: PreparedConnection,
  command: Command,
  { purpose, direct, data, owner }: Omit<NewAim, 'type' | 'seed'>,
  road: Road,
): Promise<ReceiveQueue> {
  const { seed, senderId, linkId, fixedData, credentials, uri, entityId } = prepared;
  const { crypto } = road.host;
  const owned = owner && ownedData(crypto, credentials.signer, owner, entityId, data);
  const userData = sealContactLinkData(
    crypto,
    credentials,
    {
      agentVersions: AGENT_VERSIONS,
      direct,
      relays: [],
      ...(owned ?? { owners: [], userLinkData: Buffer.from(JSON.stringify(data)) }),
    },
    derived(crypto, seed, 'user data nonce', NONCE_BYTES),
  );
  if (!userData.ok) throw new PermanentError(userData.error);
  const link = { linkId, senderId, fixedData, userData: userData.value };
  const ids = await create(seed, { mode: 'C', link }, road);
  return { ...receiver(command, ids, road), purpose, link: { uri, linkId, fixedData } };
}

/** The queue on which one peer will send to this agent; subscribed after the commit that knows it. */
export async function createConnectionQueue(
  command: Command,
  road: Road,
): Promise<{ queue: ReceiveQueue; uri: QueueUri }> {
  const ids = await create(command.seed, { mode: 'M' }, road);
  const { publicKey: dhKey } = keyPair(road.host.crypto, command.seed, 'recipient dh');
  const server = serverAddress(road.server);
  return {
    queue: { ...receiver(command, ids, road), purpose: 'connection' },
    uri: { server, senderId: ids.senderId, dhKey, mode: 'M', versions: SMP_CLIENT_VERSIONS },
  };
}

function receiver(command: Command, ids: QueueIds, { server }: Road) {
  const { noun, recordId, identity, protocol, attempt, seed } = command;
  const { recipientId, serverDhKey } = ids;
  return {
    ...{ server, recipientId, noun, id: recordId, identity, protocol, attempt, seed, serverDhKey },
    received: CHAIN_START,
  };
}

function corrIdOf(crypto: Crypto, seed: Uint8Array): Uint8Array {
  return derived(crypto, seed, 'corrId', CORR_ID_BYTES);
}

async function create(seed: Uint8Array, queue: QueueRequest, road: Road): Promise<QueueIds> {
  const { host, smp, server, basicAuth, trace } = road;
  const key = keyPair(host.crypto, seed, 'recipient');
  const response = await smp.request(server, {
    entityId: new Uint8Array(0),
    corrId: corrIdOf(host.crypto, seed),
    command: {
      kind: 'NEW',
      recipientKey: key.publicKey,
      recipientDhKey: keyPair(host.crypto, seed, 'recipient dh').publicKey,
      ...(basicAuth && { basicAuth }),
      subscribe: false,
      queue,
    },
    key,
    trace,
  });
  if (response.kind !== 'IDS') throw refusedBy('NEW', response);
  return response;
}
