import type { GroupRelay, GroupRelayStatus } from '../../group-relay';
import { listed } from '../../link-facts';
import type { Dialogue, Tell } from '../../machine';
import { relayConnectionId } from '../../relay-connection';
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

interface Events extends AddRelayEvents {
  'relay.tested': object;
  'relay.untested': { readonly reason: string };
}

/** RFC steps 5 to 12 of the update, owner: the priority connection, and what the second one shows of the relay link. */
export const addRelayOwnerPaired: Dialogue<GroupRelayStatus, GroupRelay, Events> = {
  name: 'relay.add',
  half: 'owner',
  noun: 'group_relay',
  ends: ['Confirmed', 'Removed', 'Broken'],
  traced: true,
  // prettier-ignore
  rows: [
    { step: '5',  on: 'relay.chosen',       from: ['-'],                 to: 'New',       put: (e) => e, ask: [{ step: '6', kind: 'JOIN', send: 'x.grp.relay.inv', sign: true }] },
    { step: '5',  on: 'relay.chosen',       from: ['Broken', 'Removed', 'Removing'], to: 'New', again: true, put: chosenAgain, ask: [{ step: '6', kind: 'JOIN', send: 'x.grp.relay.inv', sign: true }] },
    { step: '5',  on: 'relay.retry',        from: ['Invited', 'Broken'], to: 'New',       again: true, put: anew, tell: back, ask: [{ step: '6', kind: 'JOIN', send: 'x.grp.relay.inv', sign: true }] },
    { step: '5',  on: 'relay.retry',        from: ['Added'],             to: 'New',       again: true, put: anew, tell: back, ask: [{ step: '6', kind: 'JOIN', send: 'x.grp.relay.inv', sign: true }, { step: 'x', kind: 'LSET' }] },
    { step: '6',  on: 'JOINED',             from: ['New'],               to: 'Invited' },
    { step: '10', on: 'x.grp.relay.acpt',   from: ['New', 'Invited'],    to: 'Accepted',  put: ({ relayLink }) => ({ relayLink }),
                                                                                          ask: [{ step: '10', kind: 'LET', send: 'x.ok' }, { step: '11', kind: 'LSET' }] },
    { step: '11', on: 'LINK',               from: ['Accepted'],          to: 'Added',     when: listed, tell: (d) => connection(d, 'relay.added') },
    { step: '12', on: 'relay.tested',       from: ['Added'],             to: 'Confirmed', history: true },
    { step: '12', on: 'relay.untested',     from: ['Added', 'Confirmed'], to: 'Broken',    put: (e) => e, tell: broken, ask: [{ step: 'x', kind: 'LSET' }] },
    { step: 'x',  on: 'x.grp.relay.reject', from: ['New', 'Invited', 'Accepted', 'Added'], to: 'Broken', put: refused, tell: broken, ask: [{ step: 'x', kind: 'LSET' }] },
    { step: 'x',  on: 'ERR', of: '6',       from: ['New'],               to: 'Broken',    put: (e) => e, tell: broken },
    { step: 'x',  on: 'ERR', of: '10',      from: ['Accepted', 'Added', 'Confirmed'], to: 'Broken', put: gone, tell: broken, ask: [{ step: 'x', kind: 'LSET' }] },
    { step: 'x',  on: 'ERR', of: '11',      from: ['Accepted'],          to: 'Broken',    put: (e) => e, tell: broken, ask: [{ step: 'x', kind: 'LSET' }] },
    unheard(['Invited', 'Accepted', 'Added', 'Confirmed']),
    ...removeRelayOwner(['Accepted', 'Added', 'Confirmed']).map((row) =>
      row.to === 'Removed' ? { ...row, tell: (d: GroupRelay) => connection(d, 'relay.removed') } : row),
  ],
  signs: addRelayOwner.signs,
  aims: addRelayOwner.aims,
  says: {
    'x.grp.relay.inv': (relay, attempt) => invitation(relay, attempt),
    'x.ok': addRelayOwner.says!['x.ok'],
    'x.grp.mem.del': addRelayOwner.says!['x.grp.mem.del'],
  },
};

/** The second connection is a record of its own. */
function connection(relay: GroupRelay, event: string): Tell[] {
  const { groupId, relayName, publicGroupId, relayLink, invitation: number } = relay;
  const { owner, ownerMemberId, ownerSeed, ownerKey } = relay;
  const groupRelay = `${groupId}/${relayName}`;
  return [
    {
      noun: 'relay_connection',
      id: relayConnectionId(groupRelay),
      event,
      traced: true,
      facts: {
        groupRelayId: groupRelay,
        invitation: number,
        ...{ groupId, publicGroupId, relayLink, owner, ownerMemberId, ownerSeed, ownerKey },
      },
    },
  ];
}
