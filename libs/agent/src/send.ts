import {
  AGENT_VERSIONS,
  type AgentEnvelope,
  encodeAgentEnvelope,
  type QueueAddress as SmpQueueAddress,
  type QueueUri,
} from '@chat-relays/smp';
import { idBytes } from '@chat-relays/wire';
import type { QueueAddress } from '@chat-relays/protocol';
import { refusedBy, type Road } from './link';

const version = AGENT_VERSIONS.max;

/** A contact request, to whoever reads the link's queue: our queue and what we have to say. */
export async function invite(
  target: SmpQueueAddress,
  reply: QueueUri,
  connInfo: Uint8Array,
  road: Road,
): Promise<void> {
  const connection = { mode: 'I', agentVersions: AGENT_VERSIONS, queues: [reply] } as const;
  await post(
    target.server.hosts[0],
    target.senderId,
    { kind: 'invitation', version, connection, connInfo },
    road,
  );
}

/** The answer to a contact request: the queue to reply to. */
export async function confirm(
  peer: QueueAddress,
  reply: QueueUri,
  connInfo: Uint8Array,
  road: Road,
): Promise<void> {
  const confirmation = { kind: 'confirmation', version, replyQueues: [reply], connInfo } as const;
  await post(peer.server, idBytes(peer.senderId), confirmation, road);
}

export async function send(peer: QueueAddress, body: Uint8Array, road: Road): Promise<void> {
  await post(peer.server, idBytes(peer.senderId), { kind: 'message', version, body }, road);
}

/** What SEND carries to a peer; the same bytes for every member of a group. */
export function messageEnvelope(body: Uint8Array): Uint8Array {
  return encodeAgentEnvelope({ kind: 'message', version, body });
}

async function post(
  server: string,
  senderId: Uint8Array,
  envelope: AgentEnvelope,
  road: Road,
): Promise<void> {
  const response = await road.smp.request(server, {
    entityId: senderId,
    command: { kind: 'SEND', notify: false, body: encodeAgentEnvelope(envelope) },
    trace: road.trace,
  });
  if (response.kind !== 'OK') throw refusedBy('SEND', response);
}
