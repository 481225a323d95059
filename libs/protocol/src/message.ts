/** A message as a member holds it: the first copy wins, every other copy is a duplicate, counted and dropped. */
export type MessageStatus = 'Received';

/** A message as a relay holds it: one body and a cursor over the members, never a row per member. */
export type DeliveryJobStatus = 'Pending' | 'Complete' | 'Withdrawn';

/** The key of deduplication (step 18): group, author (`channel` where the owner is hidden), message id. */
export function messageKey(group: string, author: string, messageId: string): string {
  return `${group} ${author} ${messageId}`;
}
