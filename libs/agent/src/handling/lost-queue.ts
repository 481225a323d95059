import { dialogueOf, isBroadcast, membershipOf } from '@chat-relays/protocol';
import type { ReceiveQueue } from '../commands/command';
import type { EventInput } from './input';
import type { Received } from '../sealing/send-queue';

/**
 * A queue that its SMP server has not any more, for the record that it belongs to; nothing where no row wants to know. One that
 * a process of this agent deleted itself belongs to an attempt that is over, or to a record that heeds it no more.
 * @param now unix ms
 */
export function lossOf(queue: ReceiveQueue, error: string, now: number): EventInput[] {
  const { noun, id, identity, protocol, attempt } = queue;
  if (!dialogueOf(protocol, noun).rows.some(({ on }) => on === EVENT)) return [];
  const missing = missingOf(queue, now);
  const facts = { reason: `the SMP server has lost the queue: ${error}` };
  const event = { name: EVENT, facts };
  return [{ ref: { noun, id }, identity, protocol, event, attempt, ...(missing && { missing }) }];
}

const EVENT = 'queue.lost';

/** Of a relay's broadcast to a member: whatever came after the last message that was read. */
function missingOf(queue: ReceiveQueue, now: number): Received | undefined {
  const { server, recipientId, noun, id: via, received, receivedTime: after = 0 } = queue;
  if (noun !== 'member_connection' || !isBroadcast(via)) return undefined;
  const around = { after, before: Math.floor(now / 1000), noticedAt: now };
  return {
    server,
    recipientId,
    gap: { membershipId: membershipOf(via), via, from: received.id + 1, ...around },
  };
}
