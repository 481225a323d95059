import { identifier } from '../identifier';
import { object, optional, string } from '../schema';
import {
  exampleGroupLink,
  exampleGroupProfile,
  exampleOwnerId,
  exampleRelayId,
  exampleRelayLink,
} from './examples';
import { message } from './message';
import { groupProfile, memberIdRole, profile } from './profile';

export const groupRelayInvitation = message({
  tag: 'x.grp.relay.inv',
  doc: 'The owner asks a relay to serve the group, with the contact request to the relay address.',
  steps: { full: ['5'], pooled: ['5'], paired: ['6'] },
  params: object({
    groupRelayInvitation: object({
      fromMember: memberIdRole,
      fromMemberProfile: profile,
      relayMemberId: identifier,
      groupLink: string,
    }),
  }),
  example: {
    groupRelayInvitation: {
      fromMember: { memberId: exampleOwnerId, memberRole: 'owner' },
      fromMemberProfile: { displayName: 'alice', fullName: 'Alice' },
      relayMemberId: exampleRelayId,
      groupLink: exampleGroupLink,
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

export const confirmation = message({
  tag: 'x.ok',
  doc: 'An owner or a member confirms the connection that the relay accepted; it says nothing else.',
  steps: { full: ['7', '15'], pooled: ['6'], paired: ['10', '15a', '15b'] },
  params: object({}),
  example: {},
});
