import { briefMemory } from './brief-memory';

test('pieces of any length, none of which is a part of another', () => {
  const lengths = Array.from({ length: 400 }, (_, index) => (index * 977) % 20_000);
  const pieces = lengths.map((length, index) => briefMemory(length).fill(index % 256));
  expect(pieces.map(({ length }) => length)).toEqual(lengths);
  expect(pieces.every((piece, index) => piece.every((byte) => byte === index % 256))).toBe(true);
});
