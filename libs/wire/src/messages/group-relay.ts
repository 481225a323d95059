import { identifier, memberKey } from '../identifier';
import { integer, object, optional, string } from '../schema';
import {
  exampleGroupId,
  exampleGroupLink,
  exampleGroupProfile,
  exampleOwnerId,
  exampleOwnerKey,
  exampleRelayAddress,
  exampleRelayId,
  exampleRelayLink,
} from './examples';
import { message } from './message';
import { groupProfile, memberIdRole, profile } from './profile';

export const groupRelayInvitation = message({
  tag: 'x.grp.relay.inv',
  doc: 'The owner asks a relay to serve the group, with the contact request to the relay address. Signed with fromMemberKey; relayAddress keeps it from being replayed to another relay, attempt from coming after a later one, protocol says which of the RFC’s protocols the group has (absent: full), and groupProfile is what paired leaves out.',
  steps: { full: ['5'], pooled: ['5'], paired: ['6'] },
  params: object({
    groupRelayInvitation: object({
      fromMember: memberIdRole,
      fromMemberProfile: profile,
      relayMemberId: identifier,
      groupLink: string,
      publicGroupId: optional(identifier),
      fromMemberKey: optional(memberKey),
      relayAddress: optional(string),
      attempt: optional(integer),
      protocol: optional(string),
      groupProfile: optional(groupProfile),
    }),
  }),
  example: {
    groupRelayInvitation: {
      fromMember: { memberId: exampleOwnerId, memberRole: 'owner' },
      fromMemberProfile: { displayName: 'alice', fullName: 'Alice' },
      relayMemberId: exampleRelayId,
      groupLink: exampleGroupLink,
      publicGroupId: exampleGroupId,
      fromMemberKey: exampleOwnerKey,
      relayAddress: exampleRelayAddress,
      attempt: 1,
      protocol: 'full',
      groupProfile: exampleGroupProfile,
    },
  },
});

export const groupRelayAcceptance = message({
  tag: 'x.grp.relay.acpt',
  doc: 'The relay accepts and gives the owner its relay link, by which members will join.',
  steps: { full: ['7'], pooled: ['6'], paired: ['10'] },
  params: object({
    relayLink: string,
    relayCap: optional(object({ webDomain: optional(string) })),
  }),
  example: { relayLink: exampleRelayLink, relayCap: { webDomain: 'news.example.com' } },
});

export const groupRelayRejection = message({
  tag: 'x.grp.relay.reject',
  doc: 'The relay says why it does not serve the group, and that it never will unless it is invited again.',
  steps: { full: ['11'], pooled: ['6'], paired: ['8'] },
  params: object({ reason: string }),
  example: { reason: 'the group link does not name who invited' },
});

export const groupInfo = message({
  tag: 'x.grp.info',
  doc: 'The owner sends the group profile; to a relay being added it says that its link is now in the group link.',
  steps: { full: ['9'] },
  params: object({ groupProfile }),
  example: { groupProfile: exampleGroupProfile },
});

export const groupRelayReady = message({
  tag: 'x.grp.relay.ready',
  doc: 'The relay has seen its link in the group link and confirms that it serves the group. Upstream has no such message.',
  steps: { full: ['12'] },
  params: object({}),
  example: {},
});

export const historyRequest = message({
  tag: 'x.grp.relay.history',
  doc: 'A member asks a relay, on the priority connection, for the last messages that it forwarded, at most 100. They come on the same connection, as forwarded elements. Neither the RFC nor upstream has such a message.',
  steps: { history: ['1'] },
  params: object({}),
  example: {},
});

export const confirmation = message({
  tag: 'x.ok',
  doc: 'Confirms a connection: an owner or a member the one that the relay accepted, a relay the second one of its owner. It says nothing else.',
  steps: { full: ['7', '15'], pooled: ['6'], paired: ['10', '12', '15a', '15b'] },
  params: object({}),
  example: {},
});
