import type { AnyDialogue, SagaRecord } from '@chat-relays/protocol';

/** Its records have queues of their own, one or more for each attempt. */
export function connects({ rows }: AnyDialogue): boolean {
  return rows.some(({ ask }) => ask?.some(({ kind }) => kind === 'JOIN' || kind === 'ACPT'));
}

/** The record came to where it is by deleting its queues. */
export function isDeleted({ rows }: AnyDialogue, { status }: SagaRecord): boolean {
  return rows.some(({ to, ask }) => to === status && ask?.some(({ kind }) => kind === 'DEL'));
}
