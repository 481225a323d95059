import { groupProfile } from '@chat-relays/wire';
import type { StoredProfile } from './group';

/** What LDATA tells of a group link. The link's own signatures were checked by whoever read it; keys are base64url of DER. */
export interface LinkFacts {
  readonly relayLinks: readonly string[];
  /** base64url: SHA-256 of the root key, for groups their permanent id */
  readonly entityId: string;
  /** the keys of the link's owners */
  readonly owners: readonly string[];
  /** the keys of owners that signed the profile */
  readonly signers: readonly string[];
  readonly data: { readonly groupProfile?: StoredProfile; readonly protocol?: string };
}

type Listing = Pick<LinkFacts, 'relayLinks'>;

/** Step 11: the relay sees its link in the group link. */
export function listed({ relayLinks }: Listing, { relayLink }: { readonly relayLink?: string }): boolean {
  return relayLink !== undefined && relayLinks.includes(relayLink);
}

/** Whoever invited the relay said to be an owner, and the group link does not say so. */
export function disowned({ owners }: LinkFacts, { ownerKey }: { readonly ownerKey?: string }): boolean {
  return ownerKey !== undefined && !owners.includes(ownerKey);
}

/** Whether the group link names the owner who invited. */
export function owned(
  { owners }: LinkFacts,
  { ownerKey }: { readonly ownerKey?: string },
): { readonly ownerProven: boolean } {
  return { ownerProven: ownerKey !== undefined && owners.includes(ownerKey) };
}

interface Expected {
  readonly groupLink: string;
  /** as the invitation said it */
  readonly publicGroupId?: string;
}

/** Why the profile is not that of the group behind this link, or undefined. */
export function profileRefusal(facts: LinkFacts, { groupLink, publicGroupId }: Expected): string | undefined {
  const decoded = groupProfile.decode(facts.data.groupProfile, 'groupProfile');
  if (!decoded.ok) return decoded.issues.map(({ path, message }) => `${path}: ${message}`).join('; ');
  const group = (facts.data.groupProfile as { publicGroup?: Record<string, unknown> }).publicGroup;
  if (!group) return 'the profile is not that of a public group';
  if (group['groupLink'] !== groupLink) return 'the profile names another group link';
  if (!sameId(group['publicGroupId'], facts.entityId)) return 'the profile names another group than its link';
  if (publicGroupId !== undefined && !sameId(publicGroupId, facts.entityId))
    return 'the invitation names another group than its link';
  return undefined;
}

/** Step 8 of `paired`: why a relay does not serve this group, or undefined. */
export function unfit(
  facts: LinkFacts,
  relay: Expected & { readonly ownerKey?: string },
): string | undefined {
  const { ownerKey } = relay;
  if (ownerKey === undefined) return 'the invitation is not signed';
  if (disowned(facts, relay)) return 'the group link does not name who invited';
  const refusal = profileRefusal(facts, relay);
  if (refusal !== undefined) return refusal;
  return facts.signers.includes(ownerKey) ? undefined : 'the profile is not signed by who invited';
}

/** Base64url with padding, as JSON has it, or without. */
export function sameId(one: unknown, other: string): boolean {
  return typeof one === 'string' && one.replace(/=+$/, '') === other.replace(/=+$/, '');
}
