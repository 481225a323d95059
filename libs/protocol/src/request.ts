/** What is kept of a contact request, so that one that comes once more, or late, changes nothing. */
export interface Requested {
  /** the queue that the request is answered on: another one is another request */
  readonly replyTo: string;
  /** the sender's: a request that comes after a later one is late */
  readonly attempt?: number;
}

/** Another request than the known one of the same peer, and not from before it. */
export function isLater({ replyTo, attempt = 0 }: Requested, known: Requested): boolean {
  return replyTo !== known.replyTo && attempt >= (known.attempt ?? 0);
}
