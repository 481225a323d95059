/** Sizes in bytes, with upstream's names (Simplex.Chat.Protocol). */

/** Any encoded message and any batch sent on an established connection. */
export const maxEncodedMsgLength = 15602;

/** A message sent with a contact request or its acceptance: invitations, joins and their answers. */
export const maxEncodedInfoLength = 14694;

/** Prefix `=` and the count. */
export const batchHeaderLength = 2;

/** The length before each element of a batch. */
export const batchElementHeaderLength = 2;

/** An element must fit a batch of its own. */
export const maxBatchElementSize = maxEncodedMsgLength - batchHeaderLength - batchElementHeaderLength;

/** The count of a batch is one byte. */
export const maxBatchElements = 255;

/** Characters of a member's name in the header of a forwarded element; a longer name is cut and ends in `…`. */
export const maxForwardedNameLength = 16;
