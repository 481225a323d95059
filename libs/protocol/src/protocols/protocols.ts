import { type AnyDialogue, erase } from '../machine';
import type { Noun } from '../record';
import { createAddress } from './full/address.relay';
import { addRelayOwner } from './full/add-relay.owner';
import { addRelayRelay } from './full/add-relay.relay';
import { createGroup } from './full/create-group.owner';
import { forwardMember, forwardRelay } from './full/forward';
import { joinGroup, joinMember } from './full/join.member';
import { joinRelay } from './full/join.relay';

/** The RFC's first protocol, in the order of its steps. */
const full: readonly AnyDialogue[] = [
  erase(createAddress),
  erase(createGroup),
  erase(addRelayOwner),
  erase(addRelayRelay),
  erase(joinGroup),
  erase(joinMember),
  erase(joinRelay),
  erase(forwardRelay),
  erase(forwardMember),
];

/** A group finishes on the protocol that it began with (`groups.protocol`). */
export const protocols = { full } as const;

export type ProtocolName = keyof typeof protocols;

/** @throws {RangeError} for a protocol or noun that has no table: a record that this build cannot serve */
export function dialogueOf(protocol: string, noun: Noun): AnyDialogue {
  const dialogue = tables.get(`${protocol} ${noun}`);
  if (!dialogue) throw new RangeError(`protocol ${protocol} has no table for ${noun}`);
  return dialogue;
}

const tables = new Map<string, AnyDialogue>(
  Object.entries(protocols).flatMap(([protocol, dialogues]) =>
    dialogues.map((dialogue) => [`${protocol} ${dialogue.noun}`, dialogue] as const),
  ),
);
