import {
  AGENT_VERSIONS,
  contactFixedData,
  contactLinkKeys,
  encodeContactLinkData,
  encodeFixedLinkData,
  formatShortLink,
  linkKeyOf,
  type QueueIds,
  type QueueRequest,
  type QueueUri,
  senderIdOf,
  sha256,
  SMP_CLIENT_VERSIONS,
} from '@chat-relays/smp';
import { textId } from '@chat-relays/wire';
import type { Command, NewAim, ReceiveQueue } from './command';
import { refusedBy, type Road, serverAddress } from './link';

/** Raw bytes of an Ed25519 key, after the header of its DER form. */
const DER_HEADER_BYTES = 12;
const CORR_ID_BYTES = 24;

/**
 * A contact queue with its short link, made in one NEW. Everything in it follows from the command's seed, so a repeated
 * NEW is byte-identical and the server answers the same ids.
 */
export async function createContactQueue(
  command: Command,
  { type, purpose, direct, data }: NewAim,
  road: Road,
): Promise<{ queue: ReceiveQueue; entityId: string }> {
  const { authKey, dhKey } = road.host.queueKeys(command.seed);
  const corrId = command.seed.subarray(0, CORR_ID_BYTES);
  const senderId = senderIdOf(corrId);
  const server = serverAddress(road.server);
  const entityId = sha256(authKey.subarray(DER_HEADER_BYTES));
  const address: QueueUri = { server, senderId, dhKey, mode: 'C', versions: SMP_CLIENT_VERSIONS };
  const fixedData = encodeFixedLinkData(contactFixedData(authKey, address, entityId));
  const linkKey = linkKeyOf(fixedData);
  const { linkId } = contactLinkKeys(linkKey);
  const userData = encodeContactLinkData({
    agentVersions: AGENT_VERSIONS,
    direct,
    owners: [],
    relays: [],
    userLinkData: Buffer.from(JSON.stringify(data)),
  });
  const { recipientId } = await create(
    { corrId, authKey, dhKey, queue: { mode: 'C', link: { linkId, senderId, fixedData, userData } } },
    road,
  );
  const uri = formatShortLink({ kind: 'contact', type, server, linkKey });
  return {
    queue: { ...receiver(command, road), recipientId, purpose, link: { uri, linkId, fixedData } },
    entityId: textId(entityId),
  };
}

/** The queue on which one peer will send to this agent; subscribed after the commit that knows it. */
export async function createConnectionQueue(
  command: Command,
  road: Road,
): Promise<{ queue: ReceiveQueue; uri: QueueUri }> {
  const { authKey, dhKey } = road.host.queueKeys(command.seed);
  const corrId = command.seed.subarray(0, CORR_ID_BYTES);
  const { recipientId, senderId } = await create({ corrId, authKey, dhKey, queue: { mode: 'M' } }, road);
  const server = serverAddress(road.server);
  return {
    queue: { ...receiver(command, road), recipientId, purpose: 'connection' },
    uri: { server, senderId, dhKey, mode: 'M', versions: SMP_CLIENT_VERSIONS },
  };
}

function receiver({ noun, recordId, identity, protocol }: Command, { server }: Road) {
  return { server, noun, id: recordId, identity, protocol };
}

interface NewRequest {
  readonly corrId: Uint8Array;
  readonly authKey: Uint8Array;
  readonly dhKey: Uint8Array;
  readonly queue: QueueRequest;
}

async function create({ corrId, authKey, dhKey, queue }: NewRequest, road: Road): Promise<QueueIds> {
  const response = await road.smp.request(road.server, {
    entityId: new Uint8Array(0),
    corrId,
    command: { kind: 'NEW', recipientKey: authKey, recipientDhKey: dhKey, subscribe: false, queue },
    trace: road.trace,
  });
  if (response.kind !== 'IDS') throw refusedBy('NEW', response);
  return response;
}
