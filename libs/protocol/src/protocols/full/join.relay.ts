import { idBytes } from '@chat-relays/wire';
import { profileOf } from '../../group';
import type { MemberAsked } from '../../contacts';
import type { GroupMember, GroupMemberStatus } from '../../group-member';
import type { Dialogue } from '../../machine';

interface Events {
  'x.member': MemberAsked;
  SENT: object;
  'x.ok': object;
  'queue.gone': { readonly reason: string };
  ERR: { readonly reason: string };
}

/** RFC step 15, chat relay: accept a member, once this relay is confirmed and not before. One that could not be answered may come again. */
export const joinRelay: Dialogue<GroupMemberStatus, GroupMember, Events> = {
  name: 'group.join',
  half: 'relay',
  noun: 'group_member',
  ends: ['Connected', 'Gone', 'Broken'],
  // prettier-ignore
  rows: [
    { step: '15', on: 'x.member',   from: ['-'],                     to: 'New',       when: (e) => e.serving, put: member, ask: [{ step: '15', kind: 'ACPT', send: 'x.grp.link.inv' }] },
    { step: '15', on: 'x.member',   from: ['Broken'],                to: 'New',       when: (e) => e.serving, put: member, again: true, ask: [{ step: '15', kind: 'ACPT', send: 'x.grp.link.inv' }] },
    { step: '15', on: 'SENT',       from: ['New'],                   to: 'Accepted' },
    { step: '15', on: 'x.ok',       from: ['New', 'Accepted'],       to: 'Connected' },
    { step: '17', on: 'queue.gone', from: ['Accepted', 'Connected'], to: 'Gone',      put: (e) => e },
    { step: 'x',  on: 'ERR', of: '15', from: ['New'],                to: 'Broken',    put: (e) => e },
  ],
  says: {
    'x.grp.link.inv': (d) => ({
      groupLinkInvitation: {
        fromMember: { memberId: idBytes(d.relayMemberId), memberRole: 'relay' },
        fromMemberName: d.relayOwnId.split('/')[0],
        invitedMember: { memberId: idBytes(d.memberId), memberRole: 'observer' },
        groupProfile: profileOf(d.profile),
        accepted: 'accepted',
      },
    }),
  },
};

function member({ serving: _, ...facts }: MemberAsked): GroupMember {
  return { ...facts, reason: undefined };
}
