import { profileOf } from '../../group';
import type { GroupRelay, GroupRelayStatus } from '../../group-relay';
import { listed } from '../../link-facts';
import type { Dialogue } from '../../machine';
import {
  addRelayOwner,
  type AddRelayEvents,
  anew,
  chosenAgain,
  gone,
  invitation,
  refused,
} from '../full/add-relay.owner';
import { back, broken, removeRelayOwner, unheard } from '../full/remove.owner';

/**
 * RFC steps 4 to 7 of the simplified protocol, owner: who is listed serves, and confirms nothing. So that one which takes
 * nothing of the owner is noticed by the first thing that is said to it.
 */
export const addRelayOwnerPooled: Dialogue<GroupRelayStatus, GroupRelay, AddRelayEvents> = {
  name: 'relay.add',
  half: 'owner',
  noun: 'group_relay',
  ends: ['Confirmed', 'Removed', 'Broken'],
  traced: true,
  // prettier-ignore
  rows: [
    { step: '4', on: 'relay.chosen',       from: ['-'],                 to: 'New',       put: (e) => e, ask: [{ step: '5', kind: 'JOIN', send: 'x.grp.relay.inv', sign: true }] },
    { step: '4', on: 'relay.chosen',       from: ['Broken', 'Removed', 'Removing'], to: 'New', again: true, put: chosenAgain, ask: [{ step: '5', kind: 'JOIN', send: 'x.grp.relay.inv', sign: true }] },
    { step: '4', on: 'relay.retry',        from: ['Invited', 'Broken'], to: 'New',       again: true, put: anew, tell: back, ask: [{ step: '5', kind: 'JOIN', send: 'x.grp.relay.inv', sign: true }] },
    { step: '5', on: 'JOINED',             from: ['New'],               to: 'Invited' },
    { step: '6', on: 'x.grp.relay.acpt',   from: ['New', 'Invited'],    to: 'Accepted',  put: ({ relayLink }) => ({ relayLink }),
                                                                                         ask: [{ step: '6', kind: 'LET', send: 'x.ok' }, { step: '7', kind: 'LSET' }] },
    { step: '7', on: 'LINK',               from: ['Accepted'],          to: 'Confirmed', when: listed, history: true },
    { step: 'x', on: 'x.grp.relay.reject', from: ['New', 'Invited', 'Accepted', 'Confirmed'], to: 'Broken', put: refused, tell: broken, ask: [{ step: 'x', kind: 'LSET' }] },
    { step: 'x', on: 'ERR', of: '5',       from: ['New'],               to: 'Broken',    put: (e) => e, tell: broken },
    { step: 'x', on: 'ERR', of: '6',       from: ['Accepted', 'Confirmed'], to: 'Broken', put: gone, tell: broken, ask: [{ step: 'x', kind: 'LSET' }] },
    { step: 'x', on: 'ERR', of: '7',       from: ['Accepted'],          to: 'Broken',    put: (e) => e, tell: broken, ask: [{ step: 'x', kind: 'LSET' }] },
    { step: '16', on: 'ERR',               from: ['Confirmed'],         to: 'Broken',    put: gone, tell: broken, ask: [{ step: 'x', kind: 'LSET' }] },
    unheard(['Invited', 'Accepted', 'Confirmed']),
    ...removeRelayOwner(['Accepted', 'Confirmed']),
  ],
  signs: addRelayOwner.signs,
  aims: addRelayOwner.aims,
  says: {
    'x.grp.relay.inv': (relay, attempt) =>
      invitation(relay, attempt, { groupProfile: profileOf(relay.profile) }),
    'x.ok': addRelayOwner.says!['x.ok'],
    'x.grp.mem.del': addRelayOwner.says!['x.grp.mem.del'],
  },
};
