import { type LinkFacts, unfit } from '../../link-facts';
import type { Dialogue, Tell } from '../../machine';
import { ownerConnectionId } from '../../owner-connection';
import { type GroupRelayOwnStatus, type RelayOwn, relayOwnId } from '../../relay-own';
import {
  another,
  invited,
  invitedAnew,
  rejection,
  serveAims,
  type ServeEvents,
} from '../full/add-relay.relay';
import { answersWhileServing, type ServingEvents } from './history';
import { removal } from '../full/remove.owner';
import { leaving } from '../full/leave.relay';
import { removeRelayRelay } from '../full/remove.relay';

interface Events extends ServeEvents, ServingEvents {
  'owner.connected': object;
}

/**
 * RFC steps 6 to 12 of the update, chat relay: it reads the group link first, and makes a link of its own for a group
 * whose profile the inviting owner signed, and for no other.
 */
export const addRelayRelayPaired: Dialogue<GroupRelayOwnStatus, RelayOwn, Events> = {
  name: 'relay.add',
  half: 'relay',
  noun: 'relay_own',
  ends: ['Confirmed', 'Removed', 'Broken'],
  serves: ['Confirmed'],
  linked: ['LinkCreated', 'Accepted', 'Confirmed'],
  traced: true,
  // prettier-ignore
  rows: leaving<Events>(['Confirmed'], [
    { step: '6',  on: 'x.grp.relay.inv', from: ['-'],                       to: 'Invited',     put: invited, ask: [{ step: '7', kind: 'LGET' }] },
    { step: '6',  on: 'x.grp.relay.inv', from: ['Broken', 'Removed'],       to: 'Invited',     when: another, again: true, put: invitedAnew, ask: [{ step: '7', kind: 'LGET' }] },
    { step: '6',  on: 'x.grp.relay.inv', from: ['Invited'],                 to: 'Invited',     when: another, again: true, put: invited, ask: [{ step: '7', kind: 'LGET' }] },
    { step: '6',  on: 'x.grp.relay.inv', from: ['Validated'],               to: 'Validated',   when: another, put: answered },
    { step: '6',  on: 'x.grp.relay.inv', from: ['LinkCreated', 'Accepted'], to: 'LinkCreated', when: another, again: true, put: answered, ask: [{ step: '10', kind: 'ACPT', send: 'x.grp.relay.acpt' }] },
    { step: '6',  on: 'x.grp.relay.inv', from: ['Confirmed'],               to: 'Confirmed',   when: another, again: true, put: answered, ask: [{ step: '10', kind: 'ACPT', send: 'x.grp.relay.acpt' }] },
    { step: '8',  on: 'LDATA', of: '7',  from: ['Invited'],                 to: 'Validated',   when: (e, d) => unfit(e, d) === undefined, put: validated, ask: [{ step: '9', kind: 'NEW' }] },
    { step: '8',  on: 'LDATA', of: '7',  from: ['Invited'],                 to: 'Broken',      put: (e, d) => ({ reason: unfit(e, d) }), ask: [{ step: '8', kind: 'LET', send: 'x.grp.relay.reject' }] },
    { step: '9',  on: 'INV',             from: ['Validated'],               to: 'LinkCreated', put: ({ link }) => ({ relayLink: link }),
                                                                                               ask: [{ step: '10', kind: 'ACPT', send: 'x.grp.relay.acpt' }] },
    { step: '10', on: 'SENT',            from: ['LinkCreated'],             to: 'Accepted' },
    { step: '10', on: 'x.ok',            from: ['LinkCreated'],             to: 'Accepted' },
    { step: '12', on: 'owner.connected', from: ['LinkCreated', 'Accepted'], to: 'Confirmed',   put: () => ({ listedBefore: true, unlisted: 0 }), withdraw: 'x.grp.mem.del' },
    { step: 'x',  on: 'ERR', of: '7',    from: ['Invited'],                 to: 'Broken',      put: (e) => e, ask: [{ step: '8', kind: 'LET', send: 'x.grp.relay.reject' }] },
    { step: 'x',  on: 'ERR', of: '9',    from: ['Validated'],               to: 'Broken',      put: (e) => e, ask: [{ step: 'x', kind: 'LET', send: 'x.grp.relay.reject' }] },
    { step: 'x',  on: 'ERR', of: '10',   from: ['LinkCreated'],             to: 'Broken',      put: (e) => e, ask: [{ step: 'x', kind: 'LET', send: 'x.grp.relay.reject' }, { step: 'x', kind: 'DEL' }] },
    ...answersWhileServing(),
    ...removeRelayRelay(['LinkCreated', 'Accepted', 'Confirmed'], ['Accepted', 'Confirmed']).map((row) =>
      row.to === 'Removed' ? { ...row, tell: removed } : row),
  ]),
  aims: serveAims(),
  says: {
    'x.grp.relay.acpt': ({ relayLink }) => ({ relayLink }),
    'x.grp.relay.reject': rejection,
    'x.grp.mem.del': removal,
  },
};

/** The same owner, on another connection: what the group link said of the group stays. */
function answered({ replyTo, relayMemberId, attempt }: Events['x.grp.relay.inv']): Partial<RelayOwn> {
  return { replyTo, relayMemberId, attempt, unlisted: 0 };
}

function validated({ data }: LinkFacts): Partial<RelayOwn> {
  return { profile: data.groupProfile, ownerProven: true };
}

function removed({ relayName, groupLink }: RelayOwn): Tell[] {
  const id = ownerConnectionId(relayOwnId(relayName, groupLink));
  return [{ noun: 'owner_connection', id, event: 'owner.removed', facts: {} }];
}
