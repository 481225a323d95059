import { idBytes } from '@chat-relays/wire';
import type { Dialogue, Tell } from '../../machine';
import { invitationNumber } from '../../group-relay';
import type { RelayConnection, RelayConnectionStatus } from '../../relay-connection';
import { ownerSigns } from '../full/add-relay.owner';

interface Events {
  'relay.added': Omit<RelayConnection, 'reason'>;
  'relay.removed': object;
  JOINED: object;
  'x.ok': object;
  'queue.lost': { readonly reason: string };
  ERR: { readonly reason: string };
}

/** RFC step 12 of the update, owner: connect via the relay link, with the key that the group link names. */
export const connectOwner: Dialogue<RelayConnectionStatus, RelayConnection, Events> = {
  name: 'relay.connect',
  half: 'owner',
  noun: 'relay_connection',
  ends: ['Connected', 'Removed', 'Broken'],
  traced: true,
  // prettier-ignore
  rows: [
    { step: '12', on: 'relay.added',   from: ['-'],              to: 'New',       put: (e) => e, ask: [{ step: '12', kind: 'JOIN', send: 'x.contact', sign: true }] },
    { step: '12', on: 'relay.added',   from: ['New', 'Invited', 'Connected', 'Broken', 'Removed'], to: 'New', again: true, put: anew, ask: [{ step: '12', kind: 'JOIN', send: 'x.contact', sign: true }] },
    { step: '12', on: 'JOINED',        from: ['New'],            to: 'Invited' },
    { step: '12', on: 'x.ok',          from: ['New', 'Invited'], to: 'Connected', tell: (d) => told(d, 'relay.tested'), ask: [{ step: '12', kind: 'LET', send: 'x.ok' }] },
    { step: 'remove.notified.1a', on: 'relay.removed', from: ['New', 'Invited', 'Connected', 'Broken'], to: 'Removed', ask: [{ step: 'remove.notified.1a', kind: 'DEL' }] },
    { step: 'x',  on: 'queue.lost',    from: ['Invited', 'Connected'], to: 'Broken', put: (e) => e, tell: (d) => told(d, 'relay.untested') },
    { step: '16', on: 'ERR',           from: ['Connected'],      to: 'Broken',    put: (e) => e, tell: (d) => told(d, 'relay.untested') },
    { step: 'x',  on: 'ERR', of: '12', from: ['New'],            to: 'Broken',    put: (e) => e, tell: (d) => told(d, 'relay.untested') },
  ],
  signs: ownerSigns,
  aims: { JOIN: ({ relayLink }) => ({ link: relayLink }), DEL: () => ({}) },
  says: {
    'x.contact': ({ owner, ownerMemberId, ownerKey, relayLink, invitation }, attempt) => ({
      profile: { displayName: owner, fullName: '' },
      memberId: idBytes(ownerMemberId),
      memberKey: idBytes(ownerKey),
      viaLink: relayLink,
      attempt: invitationNumber({ invitation }, attempt),
      purpose: 'messages',
    }),
    'x.ok': () => ({}),
  },
};

function anew(added: Events['relay.added']): Partial<RelayConnection> {
  return { ...added, reason: undefined };
}

function told({ groupRelayId, reason }: RelayConnection, event: string): Tell[] {
  return [{ noun: 'group_relay', id: groupRelayId, event, facts: { reason } }];
}
