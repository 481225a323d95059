import {
  type ChosenRelay,
  type Group,
  type Membership,
  membershipId,
  profileWithLink,
} from '@chat-relays/protocol';
import type { Crypto } from '@chat-relays/smp';
import { textId } from '@chat-relays/wire';
import type { Input } from './input';
import { newId } from '../identity';
import { prepareConnectionLink } from '../commands/new-queue';
import type { Host } from '../ports';

export interface NewGroup {
  readonly id: string;
  readonly owner: string;
  readonly name: string;
  readonly protocol: string;
  readonly chosen: readonly ChosenRelay[];
}

/**
 * Step 1, owner, with the owner's key. In `paired` also steps 2 and 3: the link is known before anybody is asked for it,
 * so that it is in the profile that the link is made with.
 */
export function groupCreation(
  { id, owner, name, protocol, chosen }: NewGroup,
  server: string,
  host: Host,
): Input {
  const { crypto } = host;
  const ownerSeed = host.random(32);
  const ownerId = newId(host.random(12));
  const linkSeed = host.random(32);
  const facts: Group = {
    groupId: id,
    owner,
    ownerMemberId: ownerId.text,
    ownerSeed: textId(ownerSeed),
    ownerKey: textId(crypto.keyPair('ed25519', ownerSeed).publicKey),
    protocol,
    profile: { displayName: name, fullName: '' },
    linkSeed: textId(linkSeed),
    chosen,
  };
  const link = protocol === 'paired' ? preparedLink(facts.profile, linkSeed, server, host.crypto) : {};
  return {
    ref: { noun: 'group', id },
    identity: owner,
    protocol,
    event: { name: 'group.create', facts: { ...facts, ...link } },
  };
}

function preparedLink(
  profile: Group['profile'],
  seed: Uint8Array,
  server: string,
  crypto: Crypto,
): Partial<Group> {
  const { uri, entityId } = prepareConnectionLink(seed, 'c', server, crypto);
  return {
    groupLink: uri,
    publicGroupId: entityId,
    profile: profileWithLink(profile, uri, entityId),
  };
}

/**
 * Step 14, member: with an id and a key that are the same towards every relay. Who is in the group keeps the first ones.
 * @param anew connections that seem to work are made anew, too
 */
export function joining(memberName: string, groupLink: string, host: Host, anew = false): Input {
  const seed = host.random(32);
  const facts: Omit<Membership, 'profile' | 'relayLinks'> = {
    groupLink,
    memberName,
    memberId: newId(host.random(12)).text,
    memberKey: textId(host.crypto.keyPair('ed25519', seed).publicKey),
    memberSeed: textId(seed),
    ...(anew && { anew }),
  };
  return {
    ref: { noun: 'membership', id: membershipId(memberName, groupLink) },
    identity: memberName,
    // what a member does with a link is the same in every protocol; its connections go by that of the link
    protocol: 'full',
    event: { name: 'member.join', facts },
  };
}

/** Step 1 of history, which only `paired` has. */
export function historyAsked(memberName: string, connectionId: string): Input {
  return {
    ref: { noun: 'member_connection', id: connectionId },
    identity: memberName,
    protocol: 'paired',
    event: { name: 'history.ask', facts: {} },
  };
}
