import type { GroupProfile } from '@chat-relays/wire';
import type { RelayInvited } from '../../contacts';
import { storedProfile } from '../../group';
import type { Dialogue } from '../../machine';
import type { GroupRelayOwnStatus, RelayOwn } from '../../relay-own';

interface Events {
  'x.grp.relay.inv': RelayInvited;
  INV: { readonly link: string };
  SENT: object;
  'x.ok': object;
  'x.grp.info': { readonly groupProfile: GroupProfile };
  LDATA: { readonly relayLinks: readonly string[] };
  ERR: { readonly reason: string };
}

/** RFC steps 5 to 12, chat relay. */
export const addRelayRelay: Dialogue<GroupRelayOwnStatus, RelayOwn, Events> = {
  name: 'relay.add',
  half: 'relay',
  noun: 'relay_own',
  ends: ['Confirmed', 'Broken'],
  traced: true,
  // prettier-ignore
  rows: [
    { step: '5',  on: 'x.grp.relay.inv',  from: ['-'],                       to: 'Invited',     put: (e) => e, ask: [{ step: '6', kind: 'NEW' }] },
    { step: '6',  on: 'INV',              from: ['Invited'],                 to: 'LinkCreated', put: ({ link }) => ({ relayLink: link }),
                                                                                                ask: [{ step: '7', kind: 'ACPT', send: 'x.grp.relay.acpt' }] },
    { step: '7',  on: 'SENT',             from: ['LinkCreated'],             to: 'Accepted' },
    { step: '7',  on: 'x.ok',             from: ['LinkCreated'],             to: 'Accepted' },
    { step: '9',  on: 'x.grp.info',       from: ['LinkCreated', 'Accepted'], to: 'Notified',    put: ({ groupProfile }) => ({ profile: storedProfile(groupProfile) }),
                                                                                                ask: [{ step: '10', kind: 'LGET' }] },
    { step: '11', on: 'LDATA', of: '10',  from: ['Notified'],                to: 'Confirmed',   when: listed, ask: [{ step: '12', kind: 'SEND', send: 'x.grp.relay.ready' }] },
    { step: '11', on: 'LDATA', of: '10',  from: ['Notified'],                to: 'Broken',      put: () => ({ reason: 'the relay link is not listed in the group link' }) },
    { step: 'x',  on: 'ERR', of: '6',     from: ['Invited'],                 to: 'Broken',      put: (e) => e },
    { step: 'x',  on: 'ERR', of: '7',     from: ['LinkCreated'],             to: 'Broken',      put: (e) => e },
    { step: 'x',  on: 'ERR', of: '10',    from: ['Notified'],                to: 'Broken',      put: (e) => e },
  ],
  aims: {
    NEW: ({ relayName }) => ({
      type: 'g',
      purpose: 'relay_link',
      direct: true,
      data: { relayProfile: { displayName: relayName, fullName: '' } },
    }),
    LGET: ({ groupLink }) => ({ link: groupLink }),
  },
  says: {
    'x.grp.relay.acpt': ({ relayLink }) => ({ relayLink }),
    'x.grp.relay.ready': () => ({}),
  },
};

function listed({ relayLinks }: Events['LDATA'], { relayLink }: RelayOwn): boolean {
  return relayLink !== undefined && relayLinks.includes(relayLink);
}
