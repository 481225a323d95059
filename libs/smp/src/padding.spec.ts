import fc from 'fast-check';
import { hex, vectors } from '../test/vectors';
import { pad, unpad } from './padding';

const { valid, tooLong, readOnly, invalid } = vectors('smp/padding.json');

test.each(valid as { message: string; size: number; padded: string }[])('$padded', (vector) => {
  expect(pad(hex(vector.message), vector.size).toString('hex')).toBe(vector.padded);
  expect(unpad(hex(vector.padded))).toEqual({ ok: true, value: hex(vector.message) });
});

test.each(tooLong as { message: string; size: number }[])('$message does not fit $size bytes', (vector) => {
  expect(() => pad(hex(vector.message), vector.size)).toThrow(RangeError);
});

test.each(readOnly as { message: string; padded: string }[])('$padded is read', (vector) => {
  expect(unpad(hex(vector.padded))).toEqual({ ok: true, value: hex(vector.message) });
});

test.each(invalid as string[])('not padded: "%s"', (padded) => {
  expect(unpad(hex(padded))).toEqual({ ok: false, error: 'A_MESSAGE' });
});

test('names what is too long and the limit, whatever the size', () => {
  expect(() => pad(Buffer.alloc(16_105), 16_106)).toThrow('16105 bytes to pad, at most 16104 fit');
  expect(pad(Buffer.alloc(65_533), 100_000)).toHaveLength(100_000);
  expect(() => pad(Buffer.alloc(65_534), 100_000)).toThrow('65534 bytes to pad, at most 65533 fit');
});

test('unpad(pad(message)) is the message, in the same memory', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(300), (message, more) => {
      const padded = pad(message, message.length + 2 + more);
      const read = unpad(padded);
      expect(read).toEqual({ ok: true, value: Buffer.from(message) });
      if (read.ok) expect(read.value.buffer).toBe(padded.buffer);
    }),
  );
});
