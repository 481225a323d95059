import { type AnyDialogue, erase } from '../machine';
import type { Noun, SagaRecord } from '../record';
import { createAddress } from './full/address.relay';
import { addRelayOwner } from './full/add-relay.owner';
import { addRelayRelay } from './full/add-relay.relay';
import { createGroup } from './full/create-group.owner';
import { forwardMember, forwardRelay } from './full/forward';
import { joinGroup } from './full/join.group';
import { joinMember } from './full/join.member';
import { joinRelay } from './full/join.relay';
import { leaveRelay } from './full/leave.relay';
import type { ProtocolName } from './names';
import { addRelayOwnerPaired } from './paired/add-relay.owner';
import { addRelayRelayPaired } from './paired/add-relay.relay';
import { connectOwner } from './paired/connect.owner';
import { connectRelay } from './paired/connect.relay';
import { createGroupPaired } from './paired/create-group.owner';
import { joinMemberPaired } from './paired/join.member';
import { joinPriority, joinRelayPaired } from './paired/join.relay';
import { addRelayOwnerPooled } from './pooled/add-relay.owner';
import { addRelayRelayPooled } from './pooled/add-relay.relay';
import { poolLinks } from './pooled/pool.relay';

/** The RFC's first protocol, in the order of its steps. */
const full: readonly AnyDialogue[] = [
  erase(createAddress),
  erase(createGroup),
  erase(addRelayOwner),
  erase(addRelayRelay),
  erase(joinGroup),
  erase(joinMember),
  erase(joinRelay),
  erase(leaveRelay),
  erase(forwardRelay),
  erase(forwardMember),
];

/** Its simplified protocol: fewer steps, because relay links are ready. */
const pooled: readonly AnyDialogue[] = [
  erase(createAddress),
  erase(poolLinks),
  erase(createGroup),
  erase(addRelayOwnerPooled),
  erase(addRelayRelayPooled),
  erase(joinGroup),
  erase(joinMember),
  erase(joinRelay),
  erase(leaveRelay),
  erase(forwardRelay),
  erase(forwardMember),
];

/** Its update: connection pairs, and a profile that is checked before anything is made. */
const paired: readonly AnyDialogue[] = [
  erase(createAddress),
  erase(createGroupPaired),
  erase(addRelayOwnerPaired),
  erase(addRelayRelayPaired),
  erase(connectOwner),
  erase(connectRelay),
  erase(joinGroup),
  erase(joinMemberPaired),
  erase(joinRelayPaired),
  erase(joinPriority),
  erase(leaveRelay),
  erase(forwardRelay),
  erase(forwardMember),
];

/** A group finishes on the protocol that it began with (`groups.protocol`). */
export const protocols: { readonly [P in ProtocolName]: readonly AnyDialogue[] } = { full, pooled, paired };

/** @throws {RangeError} for a protocol or noun that has no table: a record that this build cannot serve */
export function dialogueOf(protocol: string, noun: Noun): AnyDialogue {
  const dialogue = tables.get(`${protocol} ${noun}`);
  if (!dialogue) throw new RangeError(`protocol ${protocol} has no table for ${noun}`);
  return dialogue;
}

/** A relay accepts members and forwards in this record's group. */
export function serves({
  protocol,
  noun,
  status,
}: Pick<SagaRecord, 'protocol' | 'noun' | 'status'>): boolean {
  return dialogueOf(protocol, noun).serves?.includes(status) ?? false;
}

/** This relay has a link over which its owner may connect. */
export function isLinked({
  protocol,
  noun,
  status,
}: Pick<SagaRecord, 'protocol' | 'noun' | 'status'>): boolean {
  return dialogueOf(protocol, noun).linked?.includes(status) ?? false;
}

const tables = new Map<string, AnyDialogue>(
  Object.entries(protocols).flatMap(([protocol, dialogues]) =>
    dialogues.map((dialogue) => [`${protocol} ${dialogue.noun}`, dialogue] as const),
  ),
);
