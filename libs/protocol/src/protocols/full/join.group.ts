import { type LinkFacts, profileRefusal } from '../../link-facts';
import type { Dialogue, Tell } from '../../machine';
import { type ConnectionPurpose, memberConnectionId } from '../../member-connection';
import { type Look, membershipId, type Membership, type MembershipStatus } from '../../membership';
import { connectionsOf, isProtocol } from '../names';

interface Events {
  'member.join': Pick<
    Membership,
    'groupLink' | 'memberName' | 'memberId' | 'memberKey' | 'memberSeed' | 'anew'
  >;
  'check.due': object;
  'relay.left': object;
  LDATA: LinkFacts;
  ERR: { readonly reason: string };
}

/**
 * RFC step 14, member: read the group link. Joining again, being told that a relay is gone, and time read it again, which
 * is how a member comes back to the group (restore, steps 3 to 5). A relay that is missing once may come back. Why it is
 * read says how soon a relay is joined again that let the member down (`rejoining.ts`).
 */
export const joinGroup: Dialogue<MembershipStatus, Membership, Events> = {
  name: 'group.join',
  half: 'member',
  noun: 'membership',
  ends: ['Joined', 'NoRelays', 'Broken'],
  // prettier-ignore
  rows: [
    { step: '14',        on: 'member.join', from: ['-'],                            to: 'Reading',  put: (e) => e, ask: [{ step: '14', kind: 'LGET' }] },
    { step: 'restore.3', on: 'member.join', from: ['Joined', 'NoRelays', 'Broken'], to: 'Reading',  again: true, put: wished, ask: [{ step: '14', kind: 'LGET' }] },
    { step: 'restore.3', on: 'member.join', from: ['Reading'],                      to: 'Reading',  put: wishedToo },
    { step: 'restore.3', on: 'check.due',   from: ['Joined', 'NoRelays', 'Broken'], to: 'Reading',  again: true, put: () => looks('due'), ask: [{ step: '14', kind: 'LGET' }] },
    { step: 'restore.3', on: 'relay.left',  from: ['Joined', 'NoRelays', 'Broken'], to: 'Reading',  again: true, put: () => looks('told'), ask: [{ step: '14', kind: 'LGET' }] },
    { step: '14',        on: 'LDATA',       from: ['Reading'],                      to: 'Broken',   when: (e, d) => refusal(e, d) !== undefined, put: (e, d) => ({ reason: refusal(e, d) }) },
    { step: '14',        on: 'LDATA',       from: ['Reading'],                      to: 'Joined',   when: (e) => e.relayLinks.length > 0, put: read, tell: connect },
    { step: '14',        on: 'LDATA',       from: ['Reading'],                      to: 'NoRelays', put: read, tell: connect },
    { step: 'x',         on: 'ERR', of: '14', from: ['Reading'],                    to: 'Joined',   when: (_, d) => d.relayLinks !== undefined && d.relayLinks.length > 0, put: (e) => e },
    { step: 'x',         on: 'ERR', of: '14', from: ['Reading'],                    to: 'Broken',   put: (e) => e },
  ],
  aims: { LGET: ({ groupLink }) => ({ link: groupLink }) },
};

/** Why it failed before, and what was wished then, says nothing about this attempt. */
function looks(look: Look): Partial<Membership> {
  return { reason: undefined, anew: undefined, look };
}

/** A member may know better than this agent that its connections are of no use any more. */
function wished({ anew }: Events['member.join']): Partial<Membership> {
  return { ...looks('wished'), anew };
}

/** Of two wishes the one that wants more. */
function wishedToo({ anew }: Events['member.join'], before: Membership): Partial<Membership> {
  return { ...looks('wished'), anew: anew ?? before.anew };
}

/** A link may be made before it is in the profile; a profile that names a group names this one. */
function refusal(facts: LinkFacts, membership: Membership): string | undefined {
  const { protocol } = facts.data;
  if (protocol !== undefined && !isProtocol(protocol))
    return 'the group has a protocol that is not known here';
  const named = (facts.data.groupProfile as { publicGroup?: object } | undefined)?.publicGroup !== undefined;
  return named ? profileRefusal(facts, membership) : undefined;
}

function read({ relayLinks, data, entityId }: LinkFacts, before: Membership): Partial<Membership> {
  const known = [...(before.relayLinks ?? []), ...(before.missing ?? [])];
  const gone = known.filter((link) => !relayLinks.includes(link));
  const dropped = gone.filter((link) => before.missing?.includes(link));
  return {
    relayLinks,
    protocol: data.protocol ?? 'full',
    publicGroupId: entityId,
    profile: data.groupProfile,
    missing: gone.filter((link) => !dropped.includes(link)),
    dropped,
  };
}

function connect(membership: Membership): Tell[] {
  const { groupLink, memberName, memberId, memberKey, memberSeed, publicGroupId, anew, look } = membership;
  const { protocol = 'full' } = membership;
  const id = membershipId(memberName, groupLink);
  const told = (relayLink: string, purpose: ConnectionPurpose, event: string): Tell => ({
    noun: 'member_connection',
    id: memberConnectionId(id, relayLink, purpose),
    event,
    protocol,
    facts: {
      membershipId: id,
      ...{
        groupLink,
        relayLink,
        memberName,
        memberId,
        memberKey,
        memberSeed,
        publicGroupId,
        protocol,
        purpose,
        anew,
        look,
      },
    },
  });
  return connectionsOf(protocol).flatMap((purpose) => [
    ...(membership.relayLinks ?? []).map((link) => told(link, purpose, 'relay.listed')),
    ...(membership.dropped ?? []).map((link) => told(link, purpose, 'relay.unlisted')),
  ]);
}
