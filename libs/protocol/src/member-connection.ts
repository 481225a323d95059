export type MemberConnectionStatus = 'New' | 'Invited' | 'Connected' | 'Removed' | 'Broken';

/** A member's connection to one relay of one group. */
export interface MemberConnection {
  readonly membershipId: string;
  readonly groupLink: string;
  readonly relayLink: string;
  readonly memberName: string;
  readonly memberId: string;
  readonly memberKey: string;
  /** base64url of 32 bytes, from which the key is made */
  readonly memberSeed: string;
  /** base64url: the group's permanent id, to which what the member signs is bound */
  readonly publicGroupId: string;
  readonly protocol: string;
  readonly purpose: ConnectionPurpose;
  /** the relay's member id, as it told when it accepted */
  readonly relayMemberId?: string;
  /** how often the relay was no relay any more as soon as it was one, or nearly so */
  readonly lapses?: number;
  /** looks at the group link until it is joined again; it is by any look where there is nothing to wait for */
  readonly waits?: number;
  readonly reason?: string;
}

/** What a connection is for: requests and their answers, or what is broadcast. */
export type ConnectionPurpose = 'priority' | 'messages';

const PRIORITY = ' priority';

export function memberConnectionId(
  membershipId: string,
  relayLink: string,
  purpose: ConnectionPurpose,
): string {
  return `${membershipId} ${relayLink}${purpose === 'priority' ? PRIORITY : ''}`;
}

/** A connection that the relay broadcasts on: the only one, or the second. */
export function isBroadcast(connectionId: string): boolean {
  return !connectionId.endsWith(PRIORITY);
}

/** The relay's broadcast connection, of either of the two: what a relay says is held against it, whichever way it comes. */
export function broadcastOf(connectionId: string): string {
  return isBroadcast(connectionId) ? connectionId : connectionId.slice(0, -PRIORITY.length);
}

/** The relay that a connection leads to. */
export function relayLinkOf(connectionId: string): string {
  return connectionId.split(' ')[1];
}

export function membershipOf(connectionId: string): string {
  return connectionId.slice(0, connectionId.indexOf(' '));
}
