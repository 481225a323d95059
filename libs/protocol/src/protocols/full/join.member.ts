import { idBytes, type ParamsOf, textId } from '@chat-relays/wire';
import { sameId } from '../../link-facts';
import type { Dialogue, Row, Tell } from '../../machine';
import {
  type ConnectionPurpose,
  type MemberConnection,
  memberConnectionId,
  type MemberConnectionStatus,
} from '../../member-connection';
import type { Look } from '../../membership';
import { forgiven, isAwaited, isForgiven, isJoinedBy, lapsed, type Pace, waited } from '../../rejoining';
import { connectionsOf } from '../names';

export interface ConnectEvents {
  'relay.listed': Omit<MemberConnection, 'reason' | 'relayMemberId' | keyof Pace> & {
    readonly anew?: true;
    readonly look?: Look;
  };
  'relay.unlisted': {
    /** of the other connection to the relay, on which it said that it is removed */
    readonly told?: Pace & Pick<MemberConnection, 'reason'>;
  };
  JOINED: object;
  'x.grp.link.inv': ParamsOf<'x.grp.link.inv'>;
  'x.grp.mem.del': ParamsOf<'x.grp.mem.del'>;
  'queue.lost': { readonly reason: string };
  ERR: { readonly reason: string };
}

/**
 * RFC step 15, member: connect via each relay link. A relay that refused, and one whose messages would come on a queue that is
 * lost, is asked again when the member looks at the group link or joins again.
 */
export const joinMember: Dialogue<MemberConnectionStatus, MemberConnection, ConnectEvents> = {
  name: 'group.join',
  half: 'member',
  noun: 'member_connection',
  ends: ['Connected', 'Removed', 'Broken'],
  rows: [...connects('15'), ...leaves()],
  ...connectionWords(),
};

type ConnectRow = Row<MemberConnectionStatus, MemberConnection, ConnectEvents>;

/** @param purpose of the connections for which these rows are, where there are two of them, each with its step */
export function connects(step: string, purpose?: ConnectionPurpose): ConnectRow[] {
  // prettier-ignore
  const rows: ConnectRow[] = [
    { step, on: 'relay.listed',       from: ['-'],                            to: 'New',       put: listed, ask: [{ step, kind: 'JOIN', send: 'x.member', sign: true }] },
    { step, on: 'relay.listed',       from: ['Invited', 'Broken', 'Removed'], to: 'New',       when: isJoinedBy, again: true, put: anew, ask: [{ step, kind: 'JOIN', send: 'x.member', sign: true }] },
    { step, on: 'relay.listed',       from: ['Removed'],                      to: 'Removed',   when: isAwaited, put: (_, d) => waited(d) },
    { step, on: 'relay.listed',       from: ['Broken'],                       to: 'Broken',    when: isAwaited, put: (_, d) => ({ ...waited(d), reason: d.reason }) },
    { step, on: 'relay.listed',       from: ['Connected'],                    to: 'New',       when: isWished, again: true, put: anew, ask: [{ step, kind: 'JOIN', send: 'x.member', sign: true }] },
    { step, on: 'relay.listed',       from: ['Connected'],                    to: 'Connected', when: isForgiven, put: (_, d) => forgiven(d) },
    { step, on: 'JOINED',             from: ['New'],                          to: 'Invited' },
    { step, on: 'x.grp.link.inv',     from: ['New', 'Invited'],               to: 'Broken',    when: intoAnother, put: () => ({ reason: 'the relay serves another group by this link' }), ask: [{ step: 'x', kind: 'DEL' }] },
    { step, on: 'x.grp.link.inv',     from: ['New', 'Invited'],               to: 'Connected', put: acceptedBy, ask: [{ step, kind: 'LET', send: 'x.ok' }] },
    { step: 'x', on: 'queue.lost',    from: ['Invited', 'Connected'],         to: 'Broken',    put: (e, d) => ({ ...lapsed(d), ...e }) },
    { step: 'x', on: 'ERR', of: step, from: ['New'],                          to: 'Broken',    put: (e) => e },
  ];
  if (purpose === undefined) return rows;
  return rows.map((row) => ({
    ...row,
    when: (facts: never, d: MemberConnection) =>
      (d.purpose ?? (facts as Partial<MemberConnection>).purpose) === purpose &&
      (row.when?.(facts, d) ?? true),
  })) as ConnectRow[];
}

/** A relay that says that it is removed, and one that the group link no longer lists. */
export function leaves(): ConnectRow[] {
  // prettier-ignore
  return [
    { step: 'remove.notified.2b', on: 'x.grp.mem.del', from: ['Connected'], to: 'Removed', when: byRelay, put: (_, d) => ({ ...lapsed(d), reason: 'the relay was removed' }), ask: [{ step: 'remove.notified.2b', kind: 'DEL' }], tell: removed },
    { step: 'restore.4', on: 'relay.unlisted', from: ['New', 'Invited', 'Connected', 'Broken'], to: 'Removed', put: ({ told }) => ({ reason: 'the group link no longer lists the relay', ...told }), ask: [{ step: 'restore.4', kind: 'DEL' }] },
  ];
}

export function connectionWords(): Pick<
  Dialogue<MemberConnectionStatus, MemberConnection, ConnectEvents>,
  'signs' | 'aims' | 'says'
> {
  return {
    signs: ({ memberSeed, publicGroupId, memberId }) => ({ seed: memberSeed, publicGroupId, memberId }),
    aims: { JOIN: ({ relayLink }) => ({ link: relayLink }), DEL: () => ({}) },
    says: {
      'x.member': ({ memberName, memberId, memberKey, relayLink, purpose }, attempt) => ({
        profile: { displayName: memberName, fullName: '' },
        newMemberId: idBytes(memberId),
        newMemberKey: idBytes(memberKey),
        viaLink: relayLink,
        attempt,
        purpose,
      }),
      'x.ok': () => ({}),
    },
  };
}

function listed({ anew: _, look: __, ...facts }: ConnectEvents['relay.listed']): Partial<MemberConnection> {
  return facts;
}

/** The relay may have lost this member, which cannot see that: its queue is silent, as it is when nothing is said. */
function isWished({ anew: wished }: ConnectEvents['relay.listed']): boolean {
  return wished === true;
}

/** Why it failed before says nothing about this attempt. */
function anew(): Partial<MemberConnection> {
  return { reason: undefined, waits: undefined };
}

function acceptedBy({ groupLinkInvitation }: ConnectEvents['x.grp.link.inv']): Partial<MemberConnection> {
  return { relayMemberId: textId(groupLinkInvitation.fromMember.memberId) };
}

/** An owner may list relay links of others' groups, and relays let in whoever comes: what they forward is of that group. */
function intoAnother(
  { groupLinkInvitation }: ConnectEvents['x.grp.link.inv'],
  { publicGroupId }: MemberConnection,
): boolean {
  const named = groupLinkInvitation.groupProfile.publicGroup?.publicGroupId;
  return named !== undefined && !sameId(textId(named), publicGroupId);
}

/** Each relay may say this of itself alone. */
function byRelay({ memberId }: ConnectEvents['x.grp.mem.del'], { relayMemberId }: MemberConnection): boolean {
  return textId(memberId) === relayMemberId;
}

/** The other connection to this relay is of no use any more, and the member looks which relays there are now. */
function removed({ membershipId, relayLink, purpose, protocol, ...rest }: MemberConnection): Tell[] {
  const { lapses, waits, reason } = rest;
  const others = connectionsOf(protocol).filter((other) => other !== purpose);
  return [
    ...others.map((other) => ({
      noun: 'member_connection' as const,
      id: memberConnectionId(membershipId, relayLink, other),
      event: 'relay.unlisted',
      facts: { told: { lapses, waits, reason } },
    })),
    { noun: 'membership', id: membershipId, event: 'relay.left', facts: {} },
  ];
}
