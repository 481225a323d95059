import type { GroupProfile } from '@chat-relays/wire';

import { storedProfile } from '../../group';
import { disowned, listed, type LinkFacts } from '../../link-facts';
import type { Dialogue } from '../../machine';
import type { GroupRelayOwnStatus, RelayInvited, RelayOwn } from '../../relay-own';
import { isLater } from '../../request';
import { removal } from './remove.owner';
import { leaving } from './leave.relay';
import { removeRelayRelay, type RemovalEvents, seen } from './remove.relay';

export interface ServeEvents extends RemovalEvents {
  'x.grp.relay.inv': RelayInvited;
  INV: { readonly link: string };
  SENT: object;
  'x.ok': object;
  LDATA: LinkFacts;
  ERR: { readonly reason: string };
}

interface Events extends ServeEvents {
  'x.grp.info': { readonly groupProfile: GroupProfile };
}

/** RFC steps 5 to 12, chat relay. Whoever invites again is answered again, with the same link, as long as there is one. */
export const addRelayRelay: Dialogue<GroupRelayOwnStatus, RelayOwn, Events> = {
  name: 'relay.add',
  half: 'relay',
  noun: 'relay_own',
  ends: ['Confirmed', 'Removed', 'Broken'],
  serves: ['Confirmed'],
  traced: true,
  // prettier-ignore
  rows: leaving<Events>(['Confirmed'], [
    { step: '5',  on: 'x.grp.relay.inv',  from: ['-'],                       to: 'Invited',     put: invited, ask: [{ step: '6', kind: 'NEW' }] },
    { step: '5',  on: 'x.grp.relay.inv',  from: ['Broken', 'Removed'],       to: 'Invited',     when: another, again: true, put: invitedAnew, ask: [{ step: '6', kind: 'NEW' }] },
    { step: '5',  on: 'x.grp.relay.inv',  from: ['Invited'],                 to: 'Invited',     when: another, put: (e) => e },
    { step: '5',  on: 'x.grp.relay.inv',  from: ['LinkCreated', 'Accepted', 'Notified'], to: 'LinkCreated', when: another, again: true, put: invitedAgain, ask: [{ step: '7', kind: 'ACPT', send: 'x.grp.relay.acpt' }] },
    { step: '5',  on: 'x.grp.relay.inv',  from: ['Confirmed'],               to: 'Confirmed',   when: another, again: true, put: invitedAgain, ask: [{ step: '7', kind: 'ACPT', send: 'x.grp.relay.acpt' }] },
    { step: '6',  on: 'INV',              from: ['Invited'],                 to: 'LinkCreated', put: ({ link }) => ({ relayLink: link }),
                                                                                                ask: [{ step: '7', kind: 'ACPT', send: 'x.grp.relay.acpt' }] },
    { step: '7',  on: 'SENT',             from: ['LinkCreated'],             to: 'Accepted' },
    { step: '7',  on: 'x.ok',             from: ['LinkCreated'],             to: 'Accepted' },
    { step: '9',  on: 'x.grp.info',       from: ['LinkCreated', 'Accepted'], to: 'Notified',    put: informed, ask: [{ step: '10', kind: 'LGET' }] },
    { step: '9',  on: 'x.grp.info',       from: ['Confirmed'],               to: 'Confirmed',   put: informed, ask: [{ step: '10', kind: 'LGET' }] },
    { step: '11', on: 'LDATA', of: '10',  from: ['Notified'],                to: 'Broken',      when: disowned, put: notAnOwner, ask: [{ step: '11', kind: 'SEND', send: 'x.grp.relay.reject' }, { step: 'x', kind: 'DEL' }] },
    { step: '11', on: 'LDATA', of: '10',  from: ['Notified'],                to: 'Confirmed',   when: listed, put: seen, ask: [{ step: '12', kind: 'SEND', send: 'x.grp.relay.ready' }], withdraw: 'x.grp.mem.del' },
    { step: '11', on: 'LDATA', of: '10',  from: ['Confirmed'],               to: 'Confirmed',   when: listed, put: seen, ask: [{ step: '12', kind: 'SEND', send: 'x.grp.relay.ready' }] },
    { step: '11', on: 'LDATA', of: '10',  from: ['Notified'],                to: 'Broken',      put: () => ({ reason: 'the relay link is not listed in the group link' }),
                                                                                                ask: [{ step: '11', kind: 'SEND', send: 'x.grp.relay.reject' }, { step: 'x', kind: 'DEL' }] },
    { step: 'x',  on: 'ERR', of: '6',     from: ['Invited'],                 to: 'Broken',      put: (e) => e, ask: [{ step: 'x', kind: 'LET', send: 'x.grp.relay.reject' }] },
    { step: 'x',  on: 'ERR', of: '7',     from: ['LinkCreated'],             to: 'Broken',      put: (e) => e, ask: [{ step: 'x', kind: 'LET', send: 'x.grp.relay.reject' }, { step: 'x', kind: 'DEL' }] },
    { step: 'x',  on: 'ERR', of: '10',    from: ['Notified'],                to: 'Broken',      put: (e) => e, ask: [{ step: '11', kind: 'SEND', send: 'x.grp.relay.reject' }, { step: 'x', kind: 'DEL' }] },
    ...removeRelayRelay(['LinkCreated', 'Accepted', 'Notified', 'Confirmed'], ['Accepted', 'Confirmed']),
  ]),
  aims: serveAims(),
  says: {
    'x.grp.relay.acpt': ({ relayLink }) => ({ relayLink }),
    'x.grp.relay.ready': () => ({}),
    'x.grp.relay.reject': rejection,
    'x.grp.mem.del': removal,
  },
};

/** What JOIN, NEW, LGET and DEL of a relay work on, in every protocol. */
export function serveAims(): NonNullable<Dialogue<GroupRelayOwnStatus, RelayOwn>['aims']> {
  const link = ({ relayName }: RelayOwn) => ({
    type: 'g',
    purpose: 'relay_link',
    direct: true,
    data: { relayProfile: { displayName: relayName, fullName: '' } },
  });
  return { NEW: link, TAKE: link, LGET: ({ groupLink }) => ({ link: groupLink }), DEL: () => ({}) };
}

/** From the start: whatever was before is over. */
export function invited(invitation: RelayInvited): Partial<RelayOwn> {
  return {
    ...invitation,
    relayLink: undefined,
    ownerProven: undefined,
    listedBefore: undefined,
    unlisted: undefined,
    reason: undefined,
  };
}

/** Those whom it let in before belong to a link that is no more. */
export function invitedAnew(invitation: RelayInvited, { life = 0 }: RelayOwn): Partial<RelayOwn> {
  return { ...invited(invitation), life: life + 1 };
}

/** Not the same request once more, nor a late one; and once the group link has named the owner, from that owner alone. */
export function another(invitation: RelayInvited, relay: RelayOwn): boolean {
  if (invitation.ownerKey !== relay.ownerKey) return !relay.ownerProven;
  return isLater(invitation, relay);
}

/** Its owner is about to list it. */
export function invitedAgain(invitation: RelayInvited): Partial<RelayOwn> {
  return { ...invitation, unlisted: 0 };
}

export function notAnOwner(): Partial<RelayOwn> {
  return { reason: 'the group link does not name who invited' };
}

export function rejection({ reason }: RelayOwn): object {
  return { reason: reason ?? 'it cannot serve the group' };
}

function informed({ groupProfile }: Events['x.grp.info']): Partial<RelayOwn> {
  return { profile: storedProfile(groupProfile) };
}
