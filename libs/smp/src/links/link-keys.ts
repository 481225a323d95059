/** What follows from a link's fixed data: its key, and from the key everything else. */
import { hkdfSha512, sha3of256 } from '../crypto';

const CONTACT_LINK_INFO = 'SimpleXContactLink';
const INVITATION_LINK_INFO = 'SimpleXInvLink';
export const LINK_KEY_BYTES = 32;
export const LINK_ID_BYTES = 24;
const SYMMETRIC_KEY_BYTES = 32;

/** @param fixedData as `encodeFixedLinkData` wrote it: unsigned, unsealed */
export function linkKeyOf(fixedData: Uint8Array): Buffer {
  return sha3of256(fixedData);
}

export interface ContactLinkKeys {
  /** 24 bytes: what LGET asks for */
  readonly linkId: Buffer;
  /** 32 bytes: seals both parts */
  readonly symmetricKey: Buffer;
}

export function contactLinkKeys(linkKey: Uint8Array): ContactLinkKeys {
  const derived = hkdfSha512(linkKey, CONTACT_LINK_INFO, LINK_ID_BYTES + SYMMETRIC_KEY_BYTES);
  return { linkId: derived.subarray(0, LINK_ID_BYTES), symmetricKey: derived.subarray(LINK_ID_BYTES) };
}

/** 32 bytes: seals both parts of an invitation, whose link id is the server's choice. */
export function invitationLinkKey(linkKey: Uint8Array): Buffer {
  return hkdfSha512(linkKey, INVITATION_LINK_INFO, SYMMETRIC_KEY_BYTES);
}
