import type { Row } from '../../machine';
import type { MemberConnection, MemberConnectionStatus } from '../../member-connection';
import {
  type HistoryRest,
  type PriorityConnection,
  priorityConnectionId,
  type PriorityConnectionStatus,
} from '../../priority-connection';
import type { GroupRelayOwnStatus, RelayOwn } from '../../relay-own';
import type { ConnectEvents } from '../full/join.member';
import type { JoinEvents } from '../full/join.relay';

export interface AskingEvents extends ConnectEvents {
  'history.ask': object;
}

export interface HistoryEvents extends Omit<JoinEvents, 'SENT'> {
  'x.grp.relay.history': object;
  'history.due': object;
  SENT: { readonly rest?: HistoryRest };
}

export interface ServingEvents {
  'history.asked': { readonly connection: string };
}

/** Members ask on the priority connection, when people want it: what an SMP server lost comes back so. Ours, see ADR 15. */
export function asksHistory(): Row<MemberConnectionStatus, MemberConnection, AskingEvents>[] {
  // prettier-ignore
  return [
    { step: 'history.1', on: 'history.ask',        from: ['Connected'], to: 'Connected', when: (_, { purpose }) => purpose === 'priority', ask: [{ step: 'history.1', kind: 'SEND', send: 'x.grp.relay.history' }] },
    { step: 'x',         on: 'ERR', of: 'history.1', from: ['Connected'], to: 'Broken',  put: (e) => e },
  ];
}

/** One answer at a time, message by message: whoever asks meanwhile has it already. */
export function answersHistory(): Row<PriorityConnectionStatus, PriorityConnection, HistoryEvents>[] {
  // prettier-ignore
  return [
    { step: 'history.1', on: 'x.grp.relay.history', from: ['Connected'], to: 'Connected', tell: ({ relayOwnId, memberKey, life }) => [{ noun: 'relay_own', id: relayOwnId, event: 'history.asked', facts: { connection: priorityConnectionId(relayOwnId, memberKey, life) } }] },
    { step: 'history.1', on: 'history.due',         from: ['Connected'], to: 'Answering', put: () => ({ rest: undefined }), ask: [{ step: 'history.2', kind: 'HIST' }] },
    { step: 'history.2', on: 'SENT',                from: ['Answering'], to: 'Answering', when: ({ rest }) => rest !== undefined, put: ({ rest }) => ({ rest }), ask: [{ step: 'history.2', kind: 'HIST' }] },
    { step: 'history.2', on: 'SENT',                from: ['Answering'], to: 'Connected' },
    { step: 'x',         on: 'ERR', of: 'history.2', from: ['Answering'], to: 'Broken',   put: (e) => e },
  ];
}

/** Only who serves answers. */
export function answersWhileServing(): Row<GroupRelayOwnStatus, RelayOwn, ServingEvents>[] {
  // prettier-ignore
  return [
    { step: 'history.1', on: 'history.asked', from: ['Confirmed'], to: 'Confirmed', tell: (_, { connection }) => [{ noun: 'priority_connection', id: connection, event: 'history.due', facts: {} }] },
  ];
}
