export type MemberConnectionStatus = 'New' | 'Invited' | 'Connected' | 'Broken';

/** A member's connection to one relay of one group. */
export interface MemberConnection {
  readonly membershipId: string;
  readonly groupLink: string;
  readonly relayLink: string;
  readonly memberName: string;
  readonly memberId: string;
  readonly memberKey: string;
  readonly purpose: 'messages';
  readonly reason?: string;
}

export function memberConnectionId(membershipId: string, relayLink: string): string {
  return `${membershipId} ${relayLink}`;
}

/** The relay that a connection leads to. */
export function relayLinkOf(connectionId: string): string {
  return connectionId.split(' ')[1];
}

export function membershipOf(connectionId: string): string {
  return connectionId.slice(0, connectionId.indexOf(' '));
}
