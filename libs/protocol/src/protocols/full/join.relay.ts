import { idBytes } from '@chat-relays/wire';
import { profileOf } from '../../group';
import type { GroupMember, GroupMemberStatus, MemberAsked } from '../../group-member';
import type { Dialogue, Row } from '../../machine';
import { isLater } from '../../request';

export interface JoinEvents {
  'x.member': MemberAsked;
  SENT: object;
  'x.ok': object;
  'queue.gone': { readonly reason: string };
  ERR: { readonly reason: string };
}

/** RFC step 15, chat relay: accept a member, once this relay serves and not before. Who proves to be the same member may come again. */
export const joinRelay: Dialogue<GroupMemberStatus, GroupMember, JoinEvents> = {
  name: 'group.join',
  half: 'relay',
  noun: 'group_member',
  ends: ['Connected', 'Gone', 'Broken'],
  rows: [...accepts('15', (e) => e.serving, ['Gone']), forwardedTo()],
  says: { 'x.grp.link.inv': acceptance },
};

type JoinRow = Row<GroupMemberStatus, GroupMember, JoinEvents>;

/** @param left further statuses from which the member may come again */
export function accepts<S extends string = never>(
  step: string,
  admissible: (asked: MemberAsked) => boolean,
  left: readonly S[] = [],
): Row<GroupMemberStatus | S, GroupMember, JoinEvents>[] {
  // prettier-ignore
  return [
    { step, on: 'x.member', from: ['-'],               to: 'New',       when: admissible, put: member, ask: [{ step, kind: 'ACPT', send: 'x.grp.link.inv' }] },
    { step, on: 'x.member', from: ['New', 'Accepted', 'Connected', 'Broken', ...left], to: 'New', when: comesAgain, again: true, put: member, ask: [{ step, kind: 'ACPT', send: 'x.grp.link.inv' }] },
    { step, on: 'SENT',     from: ['New'],             to: 'Accepted' },
    { step, on: 'x.ok',     from: ['New', 'Accepted'], to: 'Connected' },
    { step: 'x', on: 'ERR', of: step, from: ['New'],   to: 'Broken',    put: (e) => e },
  ];
}

/** Step 17: the member deleted the queue that messages go to. */
export function forwardedTo(): JoinRow {
  return { step: '17', on: 'queue.gone', from: ['Accepted', 'Connected'], to: 'Gone', put: (e) => e };
}

/** Another request of the same member: the queue that it left is no longer used. */
function comesAgain(asked: MemberAsked, known: GroupMember): boolean {
  const { serving, proven, memberKey, viaLink } = asked;
  // over another link than before: the relay has another one by now, and that is the one that counts
  const isNew = viaLink !== known.viaLink || isLater(asked, known);
  return serving && proven && isNew && memberKey === known.memberKey;
}

function member({ serving: _, proven: __, ...facts }: MemberAsked): GroupMember {
  return { ...facts, reason: undefined };
}

export function acceptance(d: GroupMember): object {
  return {
    groupLinkInvitation: {
      fromMember: { memberId: idBytes(d.relayMemberId), memberRole: 'relay' },
      fromMemberName: d.relayOwnId.split('/')[0],
      invitedMember: { memberId: idBytes(d.memberId), memberRole: 'observer' },
      groupProfile: profileOf(d.profile),
      accepted: 'accepted',
    },
  };
}
