import type { Departure, DepartureRest, DepartureStatus } from '../../departure';
import type { Dialogue, Row, Tell } from '../../machine';
import { type GroupRelayOwnStatus, type RelayOwn, relayOwnId, unlinked } from '../../relay-own';

interface Events {
  'relay.left': Departure;
  CLEANED: { readonly rest?: DepartureRest };
}

/**
 * Ours, see ADR 16: after a removal the relay deletes its members' queues and records, page by page, once they are told.
 * A record of its own, because the relay may be invited again meanwhile.
 */
export const leaveRelay: Dialogue<DepartureStatus, Departure, Events> = {
  name: 'relay.leave',
  half: 'relay',
  noun: 'departure',
  ends: ['Left'],
  // prettier-ignore
  rows: [
    { step: 'remove.3', on: 'relay.left', from: ['-'],       to: 'Leaving', put: (e) => e, ask: [{ step: 'remove.3', kind: 'CLEAN' }] },
    { step: 'remove.3', on: 'relay.left', from: ['Leaving', 'Left'], to: 'Leaving', again: true, put: (e) => ({ ...e, untold: undefined }), ask: [{ step: 'remove.3', kind: 'CLEAN' }] },
    { step: 'remove.3', on: 'CLEANED',    from: ['Leaving'], to: 'Leaving', when: ({ rest }) => rest !== undefined, put: ({ rest }) => ({ untold: rest?.untold }), ask: [{ step: 'remove.3', kind: 'CLEAN' }] },
    { step: 'remove.3', on: 'CLEANED',    from: ['Leaving'], to: 'Left' },
  ],
  aims: { CLEAN: ({ relayOwnId: id, life, untold = false }) => ({ relayOwnId: id, life, untold }) },
};

type RelayRow<E> = Row<GroupRelayOwnStatus, RelayOwn, E>;

/** However a relay comes to give up its link, it leaves those whom it let in, in this life or in one before. */
export function leaving<E>(
  serves: readonly GroupRelayOwnStatus[],
  rows: readonly RelayRow<E>[],
): RelayRow<E>[] {
  return rows.map((row): RelayRow<E> => {
    if (!unlinked.includes(row.to)) return row;
    const served = row.from.some((status) => (serves as readonly string[]).includes(status));
    const tell: RelayRow<E>['tell'] = (relay, facts) => [
      ...(row.tell?.(relay, facts) ?? []),
      ...(served || relay.life !== undefined ? left(relay) : []),
    ];
    return { ...row, tell };
  });
}

function left({ relayName, groupLink, life = 0 }: RelayOwn): Tell[] {
  const facts: Departure = { relayOwnId: relayOwnId(relayName, groupLink), life };
  return [{ noun: 'departure', id: facts.relayOwnId, event: 'relay.left', facts }];
}
