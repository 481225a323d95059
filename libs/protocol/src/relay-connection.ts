import type { OwnerIdentity } from './group';

/** How far a second connection is that this side began over a relay link. */
export type RelayConnectionStatus = 'New' | 'Invited' | 'Connected' | 'Removed' | 'Broken';

/** The owner's second connection to a relay, for messages: it goes over the relay link, and so tests it. */
export interface RelayConnection extends OwnerIdentity {
  readonly groupId: string;
  readonly groupRelayId: string;
  readonly publicGroupId: string;
  readonly relayLink: string;
  /** of the group's invitations, the one by which the relay gave this link */
  readonly invitation?: number;
  readonly reason?: string;
}

/** Of the owner's record of the relay: it has one such connection. */
export function relayConnectionId(groupRelayId: string): string {
  return `${groupRelayId}/messages`;
}
