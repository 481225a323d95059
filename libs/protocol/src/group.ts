import { groupProfile, type GroupProfile, type JsonObject } from '@chat-relays/wire';

/** A group profile as records keep it: the JSON that travels, with whatever fields newer versions add. */
export type StoredProfile = JsonObject & { readonly displayName: string; readonly fullName: string };

export function storedProfile(profile: GroupProfile): StoredProfile {
  return groupProfile.encode(profile) as StoredProfile;
}

/** @throws {RangeError} for JSON that `storedProfile` cannot have written */
export function profileOf(stored: StoredProfile): GroupProfile {
  const decoded = groupProfile.decode(stored, 'groupProfile');
  if (!decoded.ok)
    throw new RangeError(decoded.issues.map(({ path, message }) => `${path}: ${message}`).join('; '));
  return decoded.value;
}

/** Step 3: the profile says which link leads to the group. */
export function profileWithLink(
  profile: StoredProfile,
  groupLink: string,
  publicGroupId: string,
): StoredProfile {
  return { ...profile, publicGroup: { groupType: 'channel', groupLink, publicGroupId } };
}

/** The owner's key in a group: it signs the profile, the invitations of relays, and what the owner says to them. */
export interface OwnerIdentity {
  readonly owner: string;
  /** base64url of the owner's member id */
  readonly ownerMemberId: string;
  /** base64url of 32 bytes, from which the key is made */
  readonly ownerSeed: string;
  /** base64url of the public key, X.509 DER */
  readonly ownerKey: string;
}

export type GroupStatus = 'New' | 'Ready' | 'Broken';

/** The owner's group. */
export interface Group extends OwnerIdentity {
  readonly groupId: string;
  /** as the link says it */
  readonly protocol: string;
  readonly profile: StoredProfile;
  /** base64url of 32 bytes, from which the link is made; groups of before have none */
  readonly linkSeed?: string;
  readonly groupLink?: string;
  /** base64url: permanent, SHA-256 of the link's root key */
  readonly publicGroupId?: string;
  /** relays that were chosen and not removed; chosen before the link existed, too (step 4 is remembered) */
  readonly chosen: readonly WantedRelay[];
  /** the number of the last invitation of a relay; an earlier one that arrives later is late, whatever the relay was called */
  readonly invitations?: number;
  readonly reason?: string;
}

/** Step 13: a link is known before it is made in some protocols, and shared when it is. */
export function linkToShare(status: string, { groupLink }: Pick<Group, 'groupLink'>): string | undefined {
  return status === 'Ready' ? groupLink : undefined;
}

/** It serves or is on the way to, unless it broke. */
export interface WantedRelay extends ChosenRelay {
  readonly broken?: true;
}

export interface ChosenRelay {
  readonly name: string;
  readonly address: string;
  /** base64url of the member id that the owner assigns to the relay */
  readonly relayMemberId: string;
}

/**
 * A relay is one name and one address: one that is chosen, and the one that the group has by only one of them. One that
 * broke may have another address by now.
 */
export function contradiction(
  relays: readonly ChosenRelay[],
  chosen: readonly WantedRelay[],
): { readonly relay: ChosenRelay; readonly known: ChosenRelay } | undefined {
  for (const [at, relay] of relays.entries()) {
    const known = [...chosen, ...relays.slice(0, at)].find(
      ({ name, address, broken }: WantedRelay) =>
        (address === relay.address) !== (name === relay.name) && !(broken && name === relay.name),
    );
    if (known) return { relay, known };
  }
  return undefined;
}
