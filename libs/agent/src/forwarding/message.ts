/** One forwarded message as a member's relay connection brought it. */
export interface NewMessage {
  readonly membershipId: string;
  /** of the membership's group; received and dropped copies are counted by it */
  readonly groupLink: string;
  /** base64url member id, or `channel` where the owner is hidden */
  readonly author: string;
  readonly messageId: string;
  /** the inner element, exact bytes */
  readonly body: Uint8Array;
  /** the connection that brought this copy */
  readonly via: string;
  /** unix ms at which this agent got it */
  readonly receivedAt: number;
}

/** Copies that differ from the first one are kept as evidence, so many of each relay and message; more are only counted. */
export const MOST_DIVERGENT_COPIES = 3;

/** What one connection brought otherwise than the first copies say. */
export interface Divergence {
  readonly via: string;
  /** as new evidence */
  readonly kept: number;
  /** known already, or more than `MOST_DIVERGENT_COPIES` */
  readonly dropped: number;
}

export interface Inserted {
  /** messages that were new */
  readonly kept: number;
  /** by connection; none where all copies say the same */
  readonly divergences: readonly Divergence[];
}

/** Numbers of a relay's broadcast to a member that never came, and now never will. What they said is not known. */
export interface Gap {
  readonly membershipId: string;
  /** the connection on which they are missing */
  readonly via: string;
  readonly from: number;
  /** nobody knows how many there were where the queue itself was lost */
  readonly to?: number;
  /**
   * unix seconds of the SMP server: of the message before them, 0 where there is none, and of the one after them; of a queue
   * that was lost, when that was told
   */
  readonly after: number;
  readonly before: number;
  /** unix ms at which this agent saw it */
  readonly noticedAt: number;
}

/** A message of an owner to a group. */
export interface NewPost {
  readonly groupId: string;
  /** base64url */
  readonly messageId: string;
  /** the element */
  readonly body: Uint8Array;
}

/** Messages that who comes later gets: a relay from the owner, a member from its relay. */
export const HISTORY = 100;
