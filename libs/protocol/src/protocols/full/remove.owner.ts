import { idBytes } from '@chat-relays/wire';
import type { ChosenRelay } from '../../group';
import type { GroupRelay, GroupRelayStatus } from '../../group-relay';
import type { Row, Tell } from '../../machine';

export interface RemovalEvents {
  'relay.remove': object;
  SENT: object;
  'x.grp.relay.acpt': { readonly relayLink: string };
  'queue.lost': { readonly reason: string };
  ERR: { readonly reason: string };
}

/**
 * Removing a relay, owner: in mid-progress, when it serves, and when it is broken. One that cannot be told finds out by
 * looking at the group link (scenario 2); one that was invited and accepts too late is told then. One that is being asked
 * is asked no more: the deletion waits behind the request and makes it moot.
 * @param accepted statuses in which the relay has given its link, so that it can be told and may be listed
 */
export function removeRelayOwner(
  accepted: readonly GroupRelayStatus[],
): Row<GroupRelayStatus, GroupRelay, RemovalEvents>[] {
  // prettier-ignore
  return [
    { step: 'remove.notified.1a', on: 'relay.remove',     from: accepted,           to: 'Removing', ask: [{ step: 'remove.notified.1a', kind: 'SEND', send: 'x.grp.mem.del' }, { step: 'remove.notified.1b', kind: 'LSET' }] },
    { step: 'remove.notified.1a', on: 'relay.remove',     from: ['New'],            to: 'Removed',  ask: [{ step: 'remove.notified.1a', kind: 'DEL' }] },
    { step: 'remove.notified.1a', on: 'relay.remove',     from: ['Invited'],        to: 'Removed' },
    { step: 'remove.notified.1a', on: 'relay.remove',     from: ['Broken'],         to: 'Removed',  ask: [{ step: 'remove.notified.1b', kind: 'LSET' }, { step: 'remove.notified.1a', kind: 'DEL' }] },
    { step: 'remove.notified.1a', on: 'relay.remove',     from: ['Removed'],        to: 'Removed',  when: (_, d) => d.stillListed === true, put: unlistedAgain, ask: [{ step: 'remove.notified.1b', kind: 'LSET' }] },
    { step: 'remove.notified.1a', on: 'SENT',             from: ['Removing'],       to: 'Removed',  ask: [{ step: 'remove.notified.1a', kind: 'DEL' }] },
    { step: 'remove.notified.1a', on: 'ERR',              from: ['Removing'],       to: 'Removed',  put: (e) => e, ask: [{ step: 'remove.notified.1a', kind: 'DEL' }] },
    { step: 'x', on: 'ERR', of: 'remove.notified.1b',     from: ['Removing'],       to: 'Removing', put: stillListed },
    { step: 'x', on: 'ERR', of: 'remove.notified.1b',     from: ['Removed'],        to: 'Removed',  put: stillListed },
    { step: 'remove.notified.1a', on: 'x.grp.relay.acpt', from: ['Removed'],        to: 'Removing', put: ({ relayLink }) => ({ relayLink }),
                                                                                                    ask: [{ step: 'remove.notified.1a', kind: 'LET', send: 'x.ok' }, { step: 'remove.notified.1a', kind: 'SEND', send: 'x.grp.mem.del' }] },
  ];
}

/**
 * What the relay says would come on a queue that the owner's SMP server has lost: it is broken, which its owner sees, and off
 * the list until it is tried again.
 */
export function unheard(
  statuses: readonly GroupRelayStatus[],
): Row<GroupRelayStatus, GroupRelay, RemovalEvents> {
  return {
    step: 'x',
    on: 'queue.lost',
    from: statuses,
    to: 'Broken',
    put: (e) => e,
    tell: broken,
    ask: [{ step: 'x', kind: 'LSET' }],
  };
}

/** Members would go on coming to it: who removes it once more has the link written again. */
function stillListed({ reason }: RemovalEvents['ERR']): Partial<GroupRelay> {
  return { reason: `the group link still lists the relay: ${reason}`, stillListed: true };
}

function unlistedAgain(): Partial<GroupRelay> {
  return { reason: undefined, stillListed: undefined };
}

/** What the owner says of a relay that it removes. */
export function removal({ relayMemberId }: { readonly relayMemberId: string }): object {
  return { memberId: idBytes(relayMemberId) };
}

/** A relay that is broken serves no more: the last one that does not may not be removed by mistake. */
export function broken({ groupId, relayName }: GroupRelay): Tell[] {
  return [{ noun: 'group', id: groupId, event: 'relay.broken', facts: { name: relayName } }];
}

/** A relay that is tried again is on the way, whatever it was before. */
export function back({ groupId, relayName, relayAddress, relayMemberId }: GroupRelay): Tell[] {
  const facts: ChosenRelay = { name: relayName, address: relayAddress, relayMemberId };
  return [{ noun: 'group', id: groupId, event: 'relay.back', facts }];
}
