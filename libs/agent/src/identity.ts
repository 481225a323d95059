import { textId } from '@chat-relays/wire';

/**
 * A new member or message id from 12 random bytes. As upstream makes them: the id is the 16 ASCII characters of the
 * bytes' base64, not the bytes.
 */
export function newId(random: Uint8Array): { readonly bytes: Uint8Array; readonly text: string } {
  const bytes = Buffer.from(Buffer.from(random).toString('base64'), 'ascii');
  return { bytes, text: textId(bytes) };
}
