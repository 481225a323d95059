import type { Command, DeletionAim, QueueId, ReceiveQueue } from './command';
import { privateKey } from '../sealing/keys';
import { refusedBy, type Road } from './link';

/**
 * Deletes the queues of a record at its SMP servers, those of later attempts excepted; a link goes with its queue. One that
 * is gone already counts as deleted.
 */
export async function deleteQueues(
  { noun, recordId, attempt, aim }: Command,
  road: Road,
): Promise<QueueId[]> {
  const queues = await road.store.queuesOf({ noun, id: recordId });
  const { keepLink } = (aim ?? {}) as DeletionAim;
  const ended = queues.filter((queue) => queue.attempt <= attempt && !(keepLink && queue.link));
  for (const queue of ended) await deleteQueue(queue, road);
  return ended.map(({ server, recipientId }) => ({ server, recipientId }));
}

export async function deleteQueue(
  { server, recipientId, seed }: Pick<ReceiveQueue, 'server' | 'recipientId' | 'seed'>,
  { smp, host, trace }: Road,
): Promise<void> {
  const response = await smp.request(server, {
    entityId: recipientId,
    command: { kind: 'DEL' },
    key: privateKey(host.crypto, seed, 'recipient'),
    trace,
  });
  const gone = response.kind === 'OK' || (response.kind === 'ERR' && response.error === 'AUTH');
  if (!gone) throw refusedBy('DEL', response);
}
