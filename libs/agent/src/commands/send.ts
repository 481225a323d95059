import type { QueueAddress as SmpQueueAddress, QueueUri } from '@chat-relays/smp';
import { idBytes } from '@chat-relays/wire';
import { refusedBy, type Road } from './link';
import { keyPair } from '../sealing/keys';
import type { SendQueue, Sent } from '../sealing/send-queue';

/** A contact request, to whoever reads the link's queue: our queue and what we have to say. Nobody authorizes it. */
export async function invite(
  target: SmpQueueAddress,
  reply: QueueUri,
  connInfo: Uint8Array,
  seed: Uint8Array,
  { smp, sealer, trace }: Road,
): Promise<void> {
  const response = await smp.request(target.server.hosts[0], {
    entityId: target.senderId,
    command: { kind: 'SEND', notify: false, body: sealer.invitation(seed, target.dhKey, reply, connInfo) },
    trace,
  });
  if (response.kind !== 'OK') throw refusedBy('SEND', response);
}

/** From now on only this agent sends there; the same key may be said again. */
export async function secure(to: SendQueue, { smp, host, trace }: Road): Promise<void> {
  const key = keyPair(host.crypto, to.seed, 'sender');
  const response = await smp.request(to.server, {
    entityId: idBytes(to.senderId),
    command: { kind: 'SKEY', key: key.publicKey },
    key,
    trace,
  });
  if (response.kind !== 'OK') throw refusedBy('SKEY', response);
}

/** The first message on a secured queue; with a queue to reply to, or none. */
export async function confirm(
  to: SendQueue,
  reply: QueueUri | undefined,
  connInfo: Uint8Array,
  road: Road,
): Promise<void> {
  await post(to, road.sealer.confirmation(to, reply ? [reply] : [], connInfo), road);
}

/** The next message of a connection. */
export async function send(to: SendQueue, body: Uint8Array, road: Road): Promise<Sent> {
  const { server, senderId } = to;
  const sealed = road.sealer.message(to, body);
  await post(to, sealed.body, road);
  return { server, senderId, position: sealed.position };
}

async function post(to: SendQueue, body: Uint8Array, { smp, sealer, trace }: Road): Promise<void> {
  const response = await smp.request(to.server, {
    entityId: idBytes(to.senderId),
    command: { kind: 'SEND', notify: false, body },
    key: sealer.authorization(to),
    trace,
  });
  if (response.kind !== 'OK') throw refusedBy('SEND', response);
}
