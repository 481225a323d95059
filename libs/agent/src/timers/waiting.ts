import { dialogueOf, type Noun, protocols, type SagaRecord, waiting } from '@chat-relays/protocol';

/** Records of one noun and protocol in one status. */
export interface Waiting {
  readonly noun: Noun;
  readonly protocol: string;
  readonly status: string;
}

export interface Stuck {
  readonly record: SagaRecord;
  /** unix ms of its status */
  readonly since: number;
}

/** What waits for a peer, of every protocol: read off the rows. */
export const waitingRecords: readonly Waiting[] = Object.entries(protocols).flatMap(([protocol, dialogues]) =>
  dialogues.flatMap((dialogue) =>
    waiting(dialogue).map((status) => ({ noun: dialogue.noun, protocol, status })),
  ),
);

/** Whether only a peer can go on with a record, and has not for `afterMs`. */
export function isStuck(
  noun: Noun,
  record: { readonly protocol: string; readonly status: string; readonly since: number },
  { now, afterMs }: { now: number; afterMs: number },
): boolean {
  return waiting(dialogueOf(record.protocol, noun)).includes(record.status) && record.since <= now - afterMs;
}
