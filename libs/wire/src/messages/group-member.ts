import { identifier, memberKey } from '../identifier';
import { enumeration, integer, jsonObject, object, optional, string } from '../schema';
import {
  exampleBytes,
  exampleGroupProfile,
  exampleMemberId,
  exampleOwnerId,
  exampleRelayId,
} from './examples';
import { message } from './message';
import { groupProfile, memberIdRole, profile } from './profile';

export const memberJoin = message({
  tag: 'x.member',
  doc: 'A member joins over a relay link; viaRelay is that relay’s member id, so that no other relay can replay the join.',
  steps: { full: ['15'], paired: ['15a', '15b'] },
  params: object({
    profile,
    newMemberId: identifier,
    newMemberKey: memberKey,
    viaRelay: optional(identifier),
  }),
  example: {
    profile: { displayName: 'bob', fullName: '' },
    newMemberId: exampleMemberId,
    newMemberKey: exampleBytes('MCowBQYDK2VwAyEA11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo='),
    viaRelay: exampleRelayId,
  },
});

export const groupLinkInvitation = message({
  tag: 'x.grp.link.inv',
  doc: 'The relay lets the member in and tells it who is who; the role is the relay’s to choose.',
  steps: { full: ['15'], paired: ['15a', '15b'] },
  params: object({
    groupLinkInvitation: object({
      fromMember: memberIdRole,
      fromMemberName: string,
      invitedMember: memberIdRole,
      groupProfile,
      accepted: optional(enumeration('accepted', 'pending', 'pending_review')),
      business: optional(jsonObject),
      groupSize: optional(integer),
    }),
  }),
  example: {
    groupLinkInvitation: {
      fromMember: { memberId: exampleOwnerId, memberRole: 'owner' },
      fromMemberName: 'alice',
      invitedMember: { memberId: exampleMemberId, memberRole: 'observer' },
      groupProfile: exampleGroupProfile,
      accepted: 'accepted',
      groupSize: 3,
    },
  },
});
