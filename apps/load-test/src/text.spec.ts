import { textOf, textsPerRequest } from './text';

describe('textOf', () => {
  it('is as long as asked for, and different for every message', () => {
    expect(textOf(7, 16)).toBe('7 ..............');
    expect(Buffer.byteLength(textOf(123_456, 1024))).toBe(1024);
    expect(new Set(Array.from({ length: 1000 }, (_, number) => textOf(number, 16))).size).toBe(1000);
  });

  it('still tells the largest number from the next one in the smallest text', () => {
    expect(textOf(999_999, 16)).not.toBe(textOf(999_998, 16));
  });
});

describe('textsPerRequest', () => {
  it('is what the owner takes at once, and never near the largest payload', () => {
    expect(textsPerRequest(16)).toBe(100);
    expect(textsPerRequest(1024)).toBe(100);
    expect(textsPerRequest(15_000) * 15_000).toBeLessThan(500_000);
    expect(textsPerRequest(15_000)).toBeGreaterThan(1);
  });
});
