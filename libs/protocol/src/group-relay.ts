import type { OwnerIdentity, StoredProfile } from './group';

/** The owner's view of one relay of one group (`CRS…` in the RFC). */
export type GroupRelayStatus =
  'New' | 'Invited' | 'Accepted' | 'Added' | 'Notified' | 'Confirmed' | 'Removing' | 'Removed' | 'Broken';

export interface GroupRelay extends OwnerIdentity {
  readonly groupId: string;
  readonly protocol: string;
  readonly groupLink: string;
  readonly publicGroupId: string;
  readonly profile: StoredProfile;
  readonly relayName: string;
  readonly relayAddress: string;
  readonly relayMemberId: string;
  /** of the group's invitations */
  readonly invitation?: number;
  readonly relayLink?: string;
  /** it was removed, and the group link could not be written without it */
  readonly stillListed?: boolean;
  readonly reason?: string;
}

/** One record per group and relay, however often the relay is chosen. */
export function groupRelayId(groupId: string, relayName: string): string {
  return `${groupId}/${relayName}`;
}

const listable: readonly string[] = ['Accepted', 'Added', 'Notified', 'Confirmed'];

/** Step 8: the relay links of all relays that are accepted or further, in the order of their records. */
export function listedRelayLinks(
  relays: readonly { readonly status: string; readonly data: Pick<GroupRelay, 'relayLink'> }[],
): string[] {
  return relays.flatMap(({ status, data }) =>
    listable.includes(status) && data.relayLink ? [data.relayLink] : [],
  );
}

/** Step 16: the owner sends to the relays that confirmed. */
export function servesOwner(status: string): boolean {
  return status === 'Confirmed';
}

/** What the relay compares. Groups of before have no numbers, only attempts of each record. */
export function invitationNumber(
  { invitation = 0 }: { readonly invitation?: number },
  attempt: number,
): number {
  return Math.max(invitation, attempt);
}
