import { idBytes } from '@chat-relays/wire';
import type { StoredProfile } from '../../group';
import type { Dialogue, Tell } from '../../machine';
import {
  memberConnectionId,
  type MemberConnection,
  type MemberConnectionStatus,
} from '../../member-connection';
import { membershipId, type Membership, type MembershipStatus } from '../../membership';

interface GroupEvents {
  'member.join': Pick<Membership, 'groupLink' | 'memberName' | 'memberId' | 'memberKey'>;
  LDATA: { readonly relayLinks: readonly string[]; readonly data: { readonly groupProfile?: StoredProfile } };
  ERR: { readonly reason: string };
}

/** RFC step 14, member: read the group link. Joining again reads it again. */
export const joinGroup: Dialogue<MembershipStatus, Membership, GroupEvents> = {
  name: 'group.join',
  half: 'member',
  noun: 'membership',
  ends: ['Joined', 'NoRelays', 'Broken'],
  // prettier-ignore
  rows: [
    { step: '14', on: 'member.join', from: ['-'],                            to: 'Reading',  put: (e) => e, ask: [{ step: '14', kind: 'LGET' }] },
    { step: '14', on: 'member.join', from: ['Joined', 'NoRelays', 'Broken'], to: 'Reading',  again: true, put: anew, ask: [{ step: '14', kind: 'LGET' }] },
    { step: '14', on: 'LDATA',       from: ['Reading'],                      to: 'Joined',   when: (e) => e.relayLinks.length > 0, put: read, tell: connect },
    { step: '14', on: 'LDATA',       from: ['Reading'],                      to: 'NoRelays', put: read },
    { step: 'x',  on: 'ERR', of: '14', from: ['Reading'],                    to: 'Broken',   put: (e) => e },
  ],
  aims: { LGET: ({ groupLink }) => ({ link: groupLink }) },
};

/** Why it failed before says nothing about this attempt. */
function anew(): { reason: undefined } {
  return { reason: undefined };
}

function read({ relayLinks, data }: GroupEvents['LDATA']): Partial<Membership> {
  return { relayLinks, profile: data.groupProfile };
}

function connect(membership: Membership): Tell[] {
  const { groupLink, memberName, memberId, memberKey } = membership;
  const id = membershipId(memberName, groupLink);
  return (membership.relayLinks ?? []).map((relayLink) => ({
    noun: 'member_connection',
    id: memberConnectionId(id, relayLink),
    event: 'relay.listed',
    facts: { membershipId: id, groupLink, relayLink, memberName, memberId, memberKey, purpose: 'messages' },
  }));
}

interface ConnectionEvents {
  'relay.listed': Omit<MemberConnection, 'reason'>;
  JOINED: object;
  'x.grp.link.inv': object;
  ERR: { readonly reason: string };
}

/** RFC step 15, member: connect via each relay link. A relay that refused is asked again when the member joins again. */
export const joinMember: Dialogue<MemberConnectionStatus, MemberConnection, ConnectionEvents> = {
  name: 'group.join',
  half: 'member',
  noun: 'member_connection',
  ends: ['Connected', 'Broken'],
  // prettier-ignore
  rows: [
    { step: '15', on: 'relay.listed',   from: ['-'],                 to: 'New',       put: (e) => e, ask: [{ step: '15', kind: 'JOIN', send: 'x.member' }] },
    { step: '15', on: 'relay.listed',   from: ['Invited', 'Broken'], to: 'New',       again: true, put: anew, ask: [{ step: '15', kind: 'JOIN', send: 'x.member' }] },
    { step: '15', on: 'JOINED',         from: ['New'],               to: 'Invited' },
    { step: '15', on: 'x.grp.link.inv', from: ['New', 'Invited'],    to: 'Connected', ask: [{ step: '15', kind: 'LET', send: 'x.ok' }] },
    { step: 'x',  on: 'ERR', of: '15',  from: ['New'],               to: 'Broken',    put: (e) => e },
  ],
  aims: { JOIN: ({ relayLink }) => ({ link: relayLink }) },
  says: {
    'x.member': ({ memberName, memberId, memberKey }) => ({
      profile: { displayName: memberName, fullName: '' },
      newMemberId: idBytes(memberId),
      newMemberKey: idBytes(memberKey),
    }),
    'x.ok': () => ({}),
  },
};
