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
