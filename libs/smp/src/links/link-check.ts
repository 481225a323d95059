/** Opens what LGET and LKEY read through a short link, and checks it before anybody looks at it. */
import type { LinkParts } from '../commands/command';
import type { Crypto } from '../crypto';
import { decoded, refused, sameBytes, type Decoded } from '../encoding';
import {
  decodeContactLinkData,
  decodeFixedLinkData,
  decodeInvitationLinkData,
  type FixedLinkData,
  type InvitationData,
  type LinkData,
} from './link-data';
import { contactLinkKeys, invitationLinkKey, linkKeyOf } from './link-keys';
import { ownersRefusal } from './link-owners';
import { openLinkPart, splitSigned, type SignedData } from './link-seal';
import type { ContactShortLink, InvitationShortLink, ShortLink } from './short-link';

/** What LNK answered, with the sender id that it named. */
export interface ReadLink extends LinkParts {
  readonly senderId: Uint8Array;
}

interface OpenedParts<User> {
  readonly fixed: FixedLinkData;
  readonly user: User;
  readonly signedUser: SignedData;
}

/** Decrypts both, then parses both, then checks what makes the fixed data the link's and its maker's. */
function openParts<User>(
  crypto: Crypto,
  { kind, linkKey }: ShortLink,
  read: ReadLink,
  decodeUser: (bytes: Uint8Array) => Decoded<User>,
): Decoded<OpenedParts<User>> {
  const symmetricKey =
    kind === 'contact' ? contactLinkKeys(linkKey).symmetricKey : invitationLinkKey(linkKey);
  const openedFixed = openLinkPart(crypto, symmetricKey, read.fixedData);
  if (!openedFixed.ok) return openedFixed;
  const openedUser = openLinkPart(crypto, symmetricKey, read.userData);
  if (!openedUser.ok) return openedUser;
  const signedFixed = splitSigned(openedFixed.value);
  if (!signedFixed.ok) return signedFixed;
  const fixed = decodeFixedLinkData(signedFixed.value.data);
  if (!fixed.ok) return fixed;
  if (fixed.value.connection.mode !== (kind === 'contact' ? 'C' : 'I')) return refused('A_MESSAGE');
  const signedUser = splitSigned(openedUser.value);
  if (!signedUser.ok) return signedUser;
  const user = decodeUser(signedUser.value.data);
  if (!user.ok) return user;
  if (!sameBytes(linkKeyOf(signedFixed.value.data), linkKey)) return refused('A_LINK "link data hash"');
  if (!isSignedBy(crypto, [fixed.value.rootKey], signedFixed.value)) {
    return refused('A_LINK "link data signature"');
  }
  return decoded({ fixed: fixed.value, user: user.value, signedUser: signedUser.value });
}

function isSignedBy(crypto: Crypto, keys: readonly Uint8Array[], { data, signature }: SignedData): boolean {
  return keys.some((key) => crypto.verify(key, data, signature));
}

/** The server may answer with another queue's data only if its maker agreed: the data names its queue. */
function differentAddress(
  { server }: ShortLink,
  { senderId }: ReadLink,
  { connection }: FixedLinkData,
): Decoded<never> | undefined {
  const [queue] = connection.queues;
  const isSame = queue?.server.hosts.includes(server.hosts[0]) && sameBytes(queue.senderId, senderId);
  return isSame ? undefined : refused('A_LINK "different address"');
}

/**
 * Refuses, in this order, with `A_CRYPTO DECRYPT_CB`, `A_MESSAGE`, `A_LINK "link data hash"`,
 * `A_LINK "link data signature"`, `A_LINK "…"` of the first owner that is not authorised (see `ownersRefusal`),
 * `A_LINK "user data signature"`, `A_LINK "different address"`.
 */
export function openContactLink(crypto: Crypto, link: ContactShortLink, read: ReadLink): Decoded<LinkData> {
  const opened = openParts(crypto, link, read, decodeContactLinkData);
  if (!opened.ok) return opened;
  const { fixed, user, signedUser } = opened.value;
  const refusal = ownersRefusal(crypto, fixed.rootKey, user.owners);
  if (refusal !== undefined) return refused(`A_LINK "${refusal}"`);
  const keys = [fixed.rootKey, ...user.owners.map(({ ownerKey }) => ownerKey)];
  if (!isSignedBy(crypto, keys, signedUser)) return refused('A_LINK "user data signature"');
  return differentAddress(link, read, fixed) ?? decoded({ fixed, user });
}

/** As `openContactLink`; only the root key signs. */
export function openInvitationLink(
  crypto: Crypto,
  link: InvitationShortLink,
  read: ReadLink,
): Decoded<InvitationData> {
  const opened = openParts(crypto, link, read, decodeInvitationLinkData);
  if (!opened.ok) return opened;
  const { fixed, user, signedUser } = opened.value;
  if (!isSignedBy(crypto, [fixed.rootKey], signedUser)) return refused('A_LINK "user data signature"');
  return differentAddress(link, read, fixed) ?? decoded({ fixed, user });
}
