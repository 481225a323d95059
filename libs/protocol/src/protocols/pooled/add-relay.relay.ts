import { disowned, type LinkFacts } from '../../link-facts';
import type { Dialogue, Tell } from '../../machine';
import type { GroupRelayOwnStatus, RelayOwn } from '../../relay-own';
import {
  another,
  invited,
  invitedAgain,
  invitedAnew,
  notAnOwner,
  rejection,
  serveAims,
  type ServeEvents,
} from '../full/add-relay.relay';
import { removal } from '../full/remove.owner';
import { leaving } from '../full/leave.relay';
import { removeRelayRelay } from '../full/remove.relay';

interface Events extends Omit<ServeEvents, 'INV'> {
  INV: { readonly link: string; readonly taken?: string };
}

/**
 * RFC steps 5 and 6 of the simplified protocol, chat relay: it gives a link that is ready, serves from then on, and looks
 * at the group link to see who invited it and whether it is listed. When none is ready it makes one: that is decided once,
 * because a link that was made and then not used would be forgotten.
 */
export const addRelayRelayPooled: Dialogue<GroupRelayOwnStatus, RelayOwn, Events> = {
  name: 'relay.add',
  half: 'relay',
  noun: 'relay_own',
  ends: ['Confirmed', 'Removed', 'Broken'],
  serves: ['LinkCreated', 'Confirmed'],
  traced: true,
  // prettier-ignore
  rows: leaving<Events>(['LinkCreated', 'Confirmed'], [
    { step: '5', on: 'x.grp.relay.inv', from: ['-'],                 to: 'Invited',     put: invited, ask: [{ step: '5', kind: 'TAKE' }] },
    { step: '5', on: 'x.grp.relay.inv', from: ['Broken', 'Removed'], to: 'Invited',     when: another, again: true, put: invitedAnew, ask: [{ step: '5', kind: 'TAKE' }] },
    { step: '5', on: 'x.grp.relay.inv', from: ['Invited'],           to: 'Invited',     when: another, put: (e) => e },
    { step: '5', on: 'x.grp.relay.inv', from: ['LinkCreated'],       to: 'LinkCreated', when: another, again: true, put: invitedAgain, ask: [{ step: '6', kind: 'ACPT', send: 'x.grp.relay.acpt' }] },
    { step: '5', on: 'x.grp.relay.inv', from: ['Confirmed'],         to: 'Confirmed',   when: another, again: true, put: invitedAgain, ask: [{ step: '6', kind: 'ACPT', send: 'x.grp.relay.acpt' }] },
    { step: '5', on: 'INV',             from: ['Invited'],           to: 'LinkCreated', put: ({ link }) => ({ relayLink: link }), tell: (_, { taken }) => takenFrom(taken),
                                                                                        ask: [{ step: '6', kind: 'ACPT', send: 'x.grp.relay.acpt' }], withdraw: 'x.grp.mem.del' },
    { step: '5', on: 'ERR',             from: ['Invited'],           to: 'Invited',     ask: [{ step: '0', kind: 'NEW' }] },
    { step: '0', on: 'INV',             from: ['Invited'],           to: 'LinkCreated', put: ({ link }) => ({ relayLink: link }), ask: [{ step: '6', kind: 'ACPT', send: 'x.grp.relay.acpt' }], withdraw: 'x.grp.mem.del' },
    { step: '6', on: 'SENT',            from: ['LinkCreated'],       to: 'Confirmed',   ask: [{ step: 'remove.unnotified.2', kind: 'LGET' }] },
    { step: '6', on: 'x.ok',            from: ['LinkCreated'],       to: 'Confirmed',   ask: [{ step: 'remove.unnotified.2', kind: 'LGET' }] },
    { step: 'remove.unnotified.3', on: 'LDATA', of: 'remove.unnotified.2', from: ['Confirmed'], to: 'Broken', when: (e: LinkFacts, d) => disowned(e, d), put: notAnOwner,
                                                                                        ask: [{ step: 'x', kind: 'SEND', send: 'x.grp.relay.reject' }, { step: 'x', kind: 'DEL' }] },
    { step: 'x', on: 'ERR', of: '0',    from: ['Invited'],           to: 'Broken',      put: (e) => e, ask: [{ step: 'x', kind: 'LET', send: 'x.grp.relay.reject' }] },
    { step: 'x', on: 'ERR', of: '6',    from: ['LinkCreated'],       to: 'Broken',      put: (e) => e, ask: [{ step: 'x', kind: 'LET', send: 'x.grp.relay.reject' }, { step: 'x', kind: 'DEL' }] },
    ...removeRelayRelay(['LinkCreated', 'Confirmed'], ['Confirmed']),
  ]),
  aims: serveAims(),
  says: {
    'x.grp.relay.acpt': ({ relayLink }) => ({ relayLink }),
    'x.grp.relay.reject': rejection,
    'x.grp.mem.del': removal,
  },
};

function takenFrom(poolLink: string | undefined): Tell[] {
  return poolLink === undefined ? [] : [{ noun: 'pool_link', id: poolLink, event: 'link.taken', facts: {} }];
}
