/** What statistics want to know of a batch and its answers do not tell. */
import type { QueueCommand } from './queue';
import type { QueueState, QueueStep } from './queue-state';

export interface Tally {
  created: number;
  secured: number;
  deletedNew: number;
  deletedSecured: number;
  subscribed: number;
  /** SUB by the session that is subscribed already, and GET by one that has not acknowledged yet */
  repeatedSub: number;
  repeatedGet: number;
  /** messages that an ACK removed, markers not counted; of them, those that had been got by GET */
  received: number;
  receivedByGet: number;
}

export function emptyTally(): Tally {
  return {
    created: 0,
    secured: 0,
    deletedNew: 0,
    deletedSecured: 0,
    subscribed: 0,
    repeatedSub: 0,
    repeatedGet: 0,
    received: 0,
    receivedByGet: 0,
  };
}

/** @param after undefined: deleted */
export function tallyQueue(tally: Tally, before: QueueState, after: QueueState | undefined): void {
  if (after) {
    if (after.row.senderKey && !before.row.senderKey) tally.secured++;
  } else if (before.row.senderKey) tally.deletedSecured++;
  else tally.deletedNew++;
}

export function tallyDelivery(
  tally: Tally,
  { kind }: QueueCommand,
  { subscriber, getters }: QueueState,
  { removed, response }: QueueStep,
  session: string,
): void {
  const subscribed = subscriber?.session === session;
  if (kind === 'SUB') {
    if (subscribed) tally.repeatedSub++;
    else if (response.kind === 'SOK') tally.subscribed++;
  } else if (kind === 'GET') {
    if (!subscribed && getters?.get(session)) tally.repeatedGet++;
  } else if (kind === 'ACK' && removed && !removed.quota) {
    tally.received++;
    if (!subscribed) tally.receivedByGet++;
  }
}
