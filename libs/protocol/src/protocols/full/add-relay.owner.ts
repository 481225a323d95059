import { idBytes } from '@chat-relays/wire';
import { profileOf } from '../../group';
import { type GroupRelay, type GroupRelayStatus, invitationNumber } from '../../group-relay';
import { listed } from '../../link-facts';
import type { Dialogue, Signer } from '../../machine';
import { back, broken, removal, removeRelayOwner, type RemovalEvents, unheard } from './remove.owner';

export interface AddRelayEvents extends RemovalEvents {
  'relay.chosen': Omit<GroupRelay, 'relayLink' | 'stillListed' | 'reason'>;
  'relay.retry': { readonly invitation?: number };
  JOINED: object;
  'x.grp.relay.reject': { readonly reason: string };
  LINK: { readonly relayLinks: readonly string[] };
}

interface Events extends AddRelayEvents {
  'x.grp.relay.ready': object;
}

/** RFC steps 4 to 12, owner. A relay that breaks when it may be listed already is taken off: LSET writes who is accepted. */
export const addRelayOwner: Dialogue<GroupRelayStatus, GroupRelay, Events> = {
  name: 'relay.add',
  half: 'owner',
  noun: 'group_relay',
  ends: ['Confirmed', 'Removed', 'Broken'],
  traced: true,
  // prettier-ignore
  rows: [
    { step: '4',  on: 'relay.chosen',       from: ['-'],                 to: 'New',       put: (e) => e, ask: [{ step: '5', kind: 'JOIN', send: 'x.grp.relay.inv', sign: true }] },
    { step: '4',  on: 'relay.chosen',       from: ['Broken', 'Removed', 'Removing'], to: 'New', again: true, put: chosenAgain, ask: [{ step: '5', kind: 'JOIN', send: 'x.grp.relay.inv', sign: true }] },
    { step: '4',  on: 'relay.retry',        from: ['Invited', 'Broken'], to: 'New',       again: true, put: anew, tell: back, ask: [{ step: '5', kind: 'JOIN', send: 'x.grp.relay.inv', sign: true }] },
    { step: '4',  on: 'relay.retry',        from: ['Notified'],          to: 'New',       again: true, put: anew, tell: back, ask: [{ step: '5', kind: 'JOIN', send: 'x.grp.relay.inv', sign: true }, { step: 'x', kind: 'LSET' }] },
    { step: '5',  on: 'JOINED',             from: ['New'],               to: 'Invited' },
    { step: '7',  on: 'x.grp.relay.acpt',   from: ['New', 'Invited'],    to: 'Accepted',  put: ({ relayLink }) => ({ relayLink }),
                                                                                          ask: [{ step: '7', kind: 'LET', send: 'x.ok' }, { step: '8', kind: 'LSET' }] },
    { step: '8',  on: 'LINK',               from: ['Accepted'],          to: 'Added',     when: listed, ask: [{ step: '9', kind: 'SEND', send: 'x.grp.info' }] },
    { step: '9',  on: 'SENT',               from: ['Added'],             to: 'Notified' },
    { step: '12', on: 'x.grp.relay.ready',  from: ['Added', 'Notified'], to: 'Confirmed', history: true },
    { step: 'x',  on: 'x.grp.relay.reject', from: ['New', 'Invited', 'Accepted', 'Added', 'Notified'], to: 'Broken', put: refused, tell: broken, ask: [{ step: 'x', kind: 'LSET' }] },
    { step: 'x',  on: 'ERR', of: '5',       from: ['New'],               to: 'Broken',    put: (e) => e, tell: broken },
    { step: 'x',  on: 'ERR', of: '8',       from: ['Accepted'],          to: 'Broken',    put: (e) => e, tell: broken, ask: [{ step: 'x', kind: 'LSET' }] },
    { step: 'x',  on: 'ERR', of: '9',       from: ['Added'],             to: 'Broken',    put: (e) => e, tell: broken, ask: [{ step: 'x', kind: 'LSET' }] },
    { step: '16', on: 'ERR',                from: ['Confirmed'],         to: 'Broken',    put: gone, tell: broken, ask: [{ step: 'x', kind: 'LSET' }] },
    unheard(['Invited', 'Accepted', 'Added', 'Notified', 'Confirmed']),
    ...removeRelayOwner(['Accepted', 'Added', 'Notified', 'Confirmed']),
  ],
  signs: ownerSigns,
  aims: {
    JOIN: ({ relayAddress }) => ({ link: relayAddress }),
    LSET: ({ groupId }) => ({ groupId }),
    DEL: () => ({}),
  },
  says: {
    'x.grp.relay.inv': (relay, attempt) =>
      invitation(relay, attempt, { groupProfile: profileOf(relay.profile) }),
    'x.ok': () => ({}),
    'x.grp.info': ({ profile }) => ({ groupProfile: profileOf(profile) }),
    'x.grp.mem.del': removal,
  },
};

/** What an earlier attempt brought says nothing about this one. */
export function anew({ invitation }: AddRelayEvents['relay.retry']): Partial<GroupRelay> {
  return { invitation, relayLink: undefined, reason: undefined, stillListed: undefined };
}

/** Its members know the relay by the id that it had, which another relay of this name does not get. */
export function chosenAgain(chosen: AddRelayEvents['relay.chosen'], before: GroupRelay): Partial<GroupRelay> {
  const { relayMemberId } = chosen.relayAddress === before.relayAddress ? before : chosen;
  return { ...chosen, relayMemberId, ...anew(chosen) };
}

export function refused({ reason }: { readonly reason: string }): Partial<GroupRelay> {
  return { reason: `the relay refused: ${reason}` };
}

export function ownerSigns({
  ownerSeed,
  publicGroupId,
  ownerMemberId,
}: Pick<GroupRelay, 'ownerSeed' | 'publicGroupId' | 'ownerMemberId'>): Signer {
  return { seed: ownerSeed, publicGroupId, memberId: ownerMemberId };
}

/** The relay deleted the queue on which it took messages. */
export function gone({ reason }: { readonly reason: string }): Partial<GroupRelay> {
  return { reason: `the relay takes no messages: ${reason}` };
}

/** x.grp.relay.inv, of every protocol. */
export function invitation(relay: GroupRelay, attempt: number, more: object = {}): object {
  return {
    groupRelayInvitation: {
      fromMember: { memberId: idBytes(relay.ownerMemberId), memberRole: 'owner' },
      fromMemberProfile: { displayName: relay.owner, fullName: '' },
      relayMemberId: idBytes(relay.relayMemberId),
      groupLink: relay.groupLink,
      publicGroupId: idBytes(relay.publicGroupId),
      fromMemberKey: idBytes(relay.ownerKey),
      relayAddress: relay.relayAddress,
      protocol: relay.protocol,
      attempt: invitationNumber(relay, attempt),
      ...more,
    },
  };
}
