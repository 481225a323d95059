/** What is kept of contact requests, so that one that comes once more, late, changes nothing. */
export interface Requested {
  /** the queue that the request is answered on: another one is another request */
  readonly replyTo: string;
  /** those of the requests before, the newest ones */
  readonly repliedTo?: readonly string[];
}

const REMEMBERED = 8;

export function isNewRequest({ replyTo }: Requested, known: Requested): boolean {
  return replyTo !== known.replyTo && known.repliedTo?.includes(replyTo) !== true;
}

/** @param known undefined fields for the first request */
export function remembered({ replyTo, repliedTo = [] }: Partial<Requested>): Pick<Requested, 'repliedTo'> {
  return replyTo === undefined ? {} : { repliedTo: [...repliedTo, replyTo].slice(-REMEMBERED) };
}
