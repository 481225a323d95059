import { idBytes } from '@chat-relays/wire';
import { profileOf } from '../../group';
import type { GroupRelay, GroupRelayStatus } from '../../group-relay';
import type { Dialogue } from '../../machine';

interface Events {
  'relay.chosen': Omit<GroupRelay, 'relayLink' | 'reason'>;
  JOINED: object;
  'x.grp.relay.acpt': { readonly relayLink: string };
  LINK: { readonly relayLinks: readonly string[] };
  SENT: object;
  'x.grp.relay.ready': object;
  ERR: { readonly reason: string };
}

/** RFC steps 4 to 12, owner. A relay that breaks when it may be listed already is taken off: LSET writes who is accepted. */
export const addRelayOwner: Dialogue<GroupRelayStatus, GroupRelay, Events> = {
  name: 'relay.add',
  half: 'owner',
  noun: 'group_relay',
  ends: ['Confirmed', 'Broken'],
  traced: true,
  // prettier-ignore
  rows: [
    { step: '4',  on: 'relay.chosen',      from: ['-'],                 to: 'New',       put: (e) => e, ask: [{ step: '5', kind: 'JOIN', send: 'x.grp.relay.inv' }] },
    { step: '5',  on: 'JOINED',            from: ['New'],               to: 'Invited' },
    { step: '7',  on: 'x.grp.relay.acpt',  from: ['New', 'Invited'],    to: 'Accepted',  put: ({ relayLink }) => ({ relayLink }),
                                                                                         ask: [{ step: '7', kind: 'LET', send: 'x.ok' }, { step: '8', kind: 'LSET' }] },
    { step: '8',  on: 'LINK',              from: ['Accepted'],          to: 'Added',     when: listed, ask: [{ step: '9', kind: 'SEND', send: 'x.grp.info' }] },
    { step: '9',  on: 'SENT',              from: ['Added'],             to: 'Notified' },
    { step: '12', on: 'x.grp.relay.ready', from: ['Added', 'Notified'], to: 'Confirmed' },
    { step: 'x',  on: 'ERR', of: '5',      from: ['New'],               to: 'Broken',    put: (e) => e },
    { step: 'x',  on: 'ERR', of: '8',      from: ['Accepted'],          to: 'Broken',    put: (e) => e, ask: [{ step: 'x', kind: 'LSET' }] },
    { step: 'x',  on: 'ERR', of: '9',      from: ['Added'],             to: 'Broken',    put: (e) => e, ask: [{ step: 'x', kind: 'LSET' }] },
  ],
  aims: {
    JOIN: ({ relayAddress }) => ({ link: relayAddress }),
    LSET: ({ groupId }) => ({ groupId }),
  },
  says: {
    'x.grp.relay.inv': (relay) => ({
      groupRelayInvitation: {
        fromMember: { memberId: idBytes(relay.ownerMemberId), memberRole: 'owner' },
        fromMemberProfile: { displayName: relay.owner, fullName: '' },
        relayMemberId: idBytes(relay.relayMemberId),
        groupLink: relay.groupLink,
      },
    }),
    'x.ok': () => ({}),
    'x.grp.info': ({ profile }) => ({ groupProfile: profileOf(profile) }),
  },
};

function listed({ relayLinks }: Events['LINK'], { relayLink }: GroupRelay): boolean {
  return relayLink !== undefined && relayLinks.includes(relayLink);
}
