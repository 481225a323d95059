import fc from 'fast-check';
import { decodeBase64Url, encodeBase64Url, idBytes, textId } from './index';

test('agrees with Node on every byte string, padded and unpadded', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      const unpadded = Buffer.from(bytes).toString('base64url');
      const padded = unpadded.padEnd(Math.ceil(unpadded.length / 4) * 4, '=');
      expect(encodeBase64Url(bytes)).toBe(padded);
      expect(decodeBase64Url(unpadded)).toEqual(bytes);
      expect(decodeBase64Url(padded)).toEqual(bytes);
    }),
  );
});

test('any text decodes to bytes that are written as that text, or not at all', () => {
  const text = fc.string({ unit: fc.constantFrom(...'AQIDBgw-_=+/é😀'), maxLength: 12 });
  fc.assert(
    fc.property(text, (value) => {
      const bytes = decodeBase64Url(value);
      if (bytes) expect(encodeBase64Url(bytes).replaceAll('=', '')).toBe(value.replace(/={1,2}$/, ''));
    }),
    { numRuns: 2000 },
  );
});

test('upstream’s own ids read as in JSON: 16 characters of base64, encoded again', () => {
  expect(textId(new TextEncoder().encode('owner-0000000001'))).toBe('b3duZXItMDAwMDAwMDAwMQ==');
  expect(idBytes('b3duZXItMDAwMDAwMDAwMQ==')).toEqual(new TextEncoder().encode('owner-0000000001'));
  expect(() => idBytes('owner 1')).toThrow(RangeError);
});
