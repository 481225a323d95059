import { idBytes } from '@chat-relays/wire';
import { newId } from './identity';

describe('a new id', () => {
  const random = Uint8Array.from({ length: 12 }, (_, n) => n * 20);

  it('is the 16 characters of the base64 of 12 bytes, as upstream makes it', () => {
    const { bytes } = newId(random);
    expect(Buffer.from(bytes).toString('ascii')).toBe(Buffer.from(random).toString('base64'));
    expect(bytes).toHaveLength(16);
  });

  it('has a text that leads back to its bytes', () => {
    const { bytes, text } = newId(random);
    expect(Buffer.from(idBytes(text)).equals(bytes)).toBe(true);
  });

  it('is another one for other bytes', () => {
    expect(newId(random).text).not.toBe(newId(random.map((byte) => byte + 1)).text);
  });
});
