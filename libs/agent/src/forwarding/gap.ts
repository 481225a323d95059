import { isBroadcast, membershipOf, relayLinkOf } from '@chat-relays/protocol';
import type { ReceiveQueue } from '../commands/command';
import type { Gap } from './message';
import type { Delivered } from '../sealing/opener';
import type { Host } from '../ports';
import type { Received } from '../sealing/send-queue';

/**
 * What a member's broadcast from a relay lacks before this message. Only what was numbered and never came is seen: of the
 * end of a queue that was lost, the next message tells.
 */
export function gapBefore(
  queue: ReceiveQueue,
  { integrity, timestamp }: Delivered,
  now: number,
): Gap | undefined {
  if (integrity?.is !== 'skipped' || queue.noun !== 'member_connection' || !isBroadcast(queue.id))
    return undefined;
  const { from, to } = integrity;
  return {
    membershipId: membershipOf(queue.id),
    via: queue.id,
    ...{ from, to },
    after: queue.receivedTime ?? 0,
    before: timestamp,
    noticedAt: now,
  };
}

/** By relay, when they are committed: one server that lost messages lost those of many members. */
export function tellGaps(received: readonly Received[], host: Pick<Host, 'observe'>): void {
  const totals = new Map<string, number>();
  for (const { gap } of received) {
    if (!gap) continue;
    const relayLink = relayLinkOf(gap.via);
    totals.set(relayLink, (totals.get(relayLink) ?? 0) + 1);
  }
  for (const [relayLink, gaps] of totals) host.observe({ what: 'gap', relayLink, gaps });
}
