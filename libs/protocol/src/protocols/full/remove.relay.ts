import { textId } from '@chat-relays/wire';
import { listed, type LinkFacts, owned } from '../../link-facts';
import type { Row } from '../../machine';
import type { GroupRelayOwnStatus, RelayOwn } from '../../relay-own';

export interface RemovalEvents {
  'x.grp.mem.del': { readonly memberId: Uint8Array };
  'check.due': object;
  LDATA: LinkFacts;
}

/**
 * Removal, chat relay: told by the owner (scenario 1), or not listed when it looks (scenario 2). Once is not enough, because
 * a link may be taken off the list and come back; and an owner may take its time to list it first.
 * @param given statuses in which the owner has the relay link
 * @param unlisted statuses in which the relay waits to be listed, or is
 */
export function removeRelayRelay(
  given: readonly GroupRelayOwnStatus[],
  unlisted: readonly GroupRelayOwnStatus[],
): Row<GroupRelayOwnStatus, RelayOwn, RemovalEvents>[] {
  // prettier-ignore
  return [
    { step: 'remove.notified.1a',   on: 'x.grp.mem.del', from: given, to: 'Removed', when: isThis, ask: [{ step: 'remove.notified.2a', kind: 'DEL' }], forward: 'x.grp.mem.del' },
    ...unlisted.flatMap((status): Row<GroupRelayOwnStatus, RelayOwn, RemovalEvents>[] => [
    { step: 'remove.unnotified.2',  on: 'check.due', from: [status], to: status, ask: [{ step: 'remove.unnotified.2', kind: 'LGET' }] },
    { step: 'remove.unnotified.3',  on: 'LDATA', of: 'remove.unnotified.2', from: [status], to: status,    when: listed, put: seen },
    { step: 'remove.unnotified.3',  on: 'LDATA', of: 'remove.unnotified.2', from: [status], to: status,    when: isPatient, put: (e, d) => ({ ...owned(e, d), unlisted: (d.unlisted ?? 0) + 1 }) },
    { step: 'remove.unnotified.3',  on: 'LDATA', of: 'remove.unnotified.2', from: [status], to: 'Removed', put: () => ({ reason: 'the relay link is not listed in the group link' }),
                                                                                             ask: [{ step: 'remove.unnotified.4a', kind: 'DEL' }], forward: 'x.grp.mem.del' },
    ]),
  ];
}

/** Step 11, and each look that finds the relay listed. */
export function seen(facts: LinkFacts, relay: RelayOwn): Partial<RelayOwn> {
  return { ...owned(facts, relay), listedBefore: true, unlisted: 0 };
}

const LOOKS = { listedBefore: 2, neverListed: 4 };

function isPatient(_: LinkFacts, { listedBefore, unlisted = 0 }: RelayOwn): boolean {
  return unlisted + 1 < (listedBefore ? LOOKS.listedBefore : LOOKS.neverListed);
}

function isThis({ memberId }: RemovalEvents['x.grp.mem.del'], { relayMemberId }: RelayOwn): boolean {
  return textId(memberId) === relayMemberId;
}
