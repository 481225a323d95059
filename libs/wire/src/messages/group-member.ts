import { identifier, memberKey } from '../identifier';
import { boolean, enumeration, integer, jsonObject, object, optional, string } from '../schema';
import {
  exampleGroupProfile,
  exampleMemberId,
  exampleOwnerId,
  exampleOwnerKey,
  exampleRelayId,
  exampleRelayLink,
} from './examples';
import { message } from './message';
import { groupProfile, memberIdRole, profile } from './profile';

/** What a connection is for, where there are two of them: requests and their answers, or what is broadcast. */
const connectionPurpose = enumeration('priority', 'messages');

export const memberJoin = message({
  tag: 'x.member',
  doc: 'A member joins over a relay link, signed with newMemberKey; viaLink is that link, so that no other relay can replay the join, and a join of an earlier attempt does not come after a later one. Two with one key, of two purposes, are one member.',
  steps: { full: ['15'], paired: ['15a', '15b'] },
  params: object({
    profile,
    newMemberId: identifier,
    newMemberKey: memberKey,
    viaRelay: optional(identifier),
    viaLink: optional(string),
    attempt: optional(integer),
    purpose: optional(connectionPurpose),
  }),
  example: {
    profile: { displayName: 'bob', fullName: '' },
    newMemberId: exampleMemberId,
    newMemberKey: exampleOwnerKey,
    viaRelay: exampleRelayId,
    viaLink: exampleRelayLink,
    attempt: 1,
    purpose: 'priority',
  },
});

export const contactRequest = message({
  tag: 'x.contact',
  doc: 'The owner connects a second time, over the relay link: that tests the link, and the key is the one that the group link names.',
  steps: { paired: ['12'] },
  params: object({
    profile,
    contactReqId: optional(identifier),
    memberId: optional(identifier),
    memberKey: optional(memberKey),
    viaLink: optional(string),
    attempt: optional(integer),
    purpose: optional(connectionPurpose),
  }),
  example: {
    profile: { displayName: 'alice', fullName: 'Alice' },
    memberId: exampleOwnerId,
    memberKey: exampleOwnerKey,
    viaLink: exampleRelayLink,
    attempt: 1,
    purpose: 'messages',
  },
});

export const memberDeletion = message({
  tag: 'x.grp.mem.del',
  doc: 'The owner removes a member: told to a relay that it no longer serves, and by that relay to its members.',
  steps: { remove: ['1a', '2b', '4b'] },
  params: object({ memberId: identifier, messages: optional(boolean) }),
  example: { memberId: exampleRelayId },
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
