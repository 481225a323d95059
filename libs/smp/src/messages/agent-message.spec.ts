import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { hex, ok, vectors } from '../../test/vectors';
import { decodeAgentEnvelope, encodeAgentEnvelope } from './agent-envelope';
import {
  CHAIN_START,
  integrityOf,
  numberMessage,
  readAgentMessage,
  type AgentMessage,
  type ChainPosition,
  type Integrity,
} from './agent-message';

const { chain, read, invalid, integrity } = vectors('smp/agent-messages.json');
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const refused = { ok: false, error: 'A_MESSAGE' };

interface Link {
  id: number;
  body: string;
  hex: string;
  hash: string;
}

test('messages are numbered from 1, and each names the one before', () => {
  let last = CHAIN_START;
  for (const { id, body, hex: expected, hash } of chain as Link[]) {
    const { bytes, position } = numberMessage(last, hex(body));
    expect(text(bytes)).toBe(expected);
    expect({ id: position.id, hash: text(position.hash) }).toEqual({ id, hash });
    expect(readAgentMessage(bytes)).toEqual(ok({ id, previousHash: last.hash, body: hex(body) }));
    last = position;
  }
  expect(last.id).toBe(4);
});

test.each(read as { name: string; hex: string; id: number; previousHash: string; body: string }[])(
  'read: $name',
  (vector) => {
    const message = { id: vector.id, previousHash: hex(vector.previousHash), body: hex(vector.body) };
    expect(readAgentMessage(hex(vector.hex))).toEqual(ok(message));
  },
);

test.each(invalid as { name: string; hex: string }[])('refused: $name', (vector) => {
  expect(readAgentMessage(hex(vector.hex))).toEqual(refused);
});

describe('what a message says of those before it', () => {
  interface Case {
    name: string;
    last: { id: number; hash: string };
    message: { id: number; previousHash: string };
    result: Integrity;
  }
  test.each(integrity as Case[])('$name: $result.is', ({ last, message, result }) => {
    const position: ChainPosition = { id: last.id, hash: hex(last.hash) };
    const said: AgentMessage = {
      id: message.id,
      previousHash: hex(message.previousHash),
      body: Buffer.alloc(0),
    };
    expect(integrityOf(position, said)).toEqual(result);
  });
});

const bytes = (maxLength: number, minLength = 0) =>
  fc.uint8Array({ minLength, maxLength }).map((array) => Buffer.from(array));
const anyPosition = fc.record({
  id: fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER - 1 }),
  hash: fc.oneof(bytes(32, 32), fc.constant(Buffer.alloc(0))),
});

test('what is numbered is read, also through an envelope', () => {
  fc.assert(
    fc.property(anyPosition, bytes(500), (last, body) => {
      const { bytes: numbered, position } = numberMessage(last, body);
      const message = { id: last.id + 1, previousHash: last.hash, body };
      expect(readAgentMessage(numbered)).toEqual(ok(message));
      const hash = createHash('sha256').update(numbered).digest();
      expect(position).toEqual({ id: last.id + 1, hash });
      const envelope = { kind: 'message', version: 7, message: numbered } as const;
      expect(decodeAgentEnvelope(encodeAgentEnvelope(envelope))).toEqual(ok(envelope));
      expect(integrityOf(last, message)).toEqual({ is: 'ok' });
      expect(integrityOf(position, message)).toEqual({ is: 'duplicate' });
    }),
  );
});

test('one flipped bit of a message is noticed by the one that follows', () => {
  const first = numberMessage(CHAIN_START, Buffer.from('hello'));
  const second = readAgentMessage(numberMessage(first.position, Buffer.from('again')).bytes);
  if (!second.ok) throw new Error(second.error);
  for (let bit = 0; bit < first.bytes.length * 8; bit++) {
    const changed = Buffer.from(first.bytes);
    changed[bit >> 3] ^= 1 << (bit & 7);
    const said = readAgentMessage(changed);
    if (!said.ok) continue;
    const position = { id: said.value.id, hash: createHash('sha256').update(changed).digest() };
    expect(integrityOf(position, second.value).is).not.toBe('ok');
  }
});

test('of two messages that differ in any way, only the one that came is the one before', () => {
  fc.assert(
    fc.property(anyPosition, bytes(40), bytes(40), (last, one, other) => {
      fc.pre(!one.equals(other));
      const [came, instead] = [one, other].map((body) => numberMessage(last, body).position);
      const next = readAgentMessage(numberMessage(instead, Buffer.alloc(0)).bytes);
      if (!next.ok) return expect(last.id).toBeGreaterThanOrEqual(Number.MAX_SAFE_INTEGER - 1);
      expect(integrityOf(came, next.value)).toEqual({ is: 'bad_hash' });
    }),
  );
});

test('no bytes make it throw', () => {
  const start = fc.constantFrom('', 'M', 'M\0\0\0\0\0\0\0\x01', 'M\0\0\0\0\0\0\0\x01\0', 'M\x80');
  fc.assert(
    fc.property(start, bytes(100), (prefix, rest) => {
      const input = Buffer.concat([Buffer.from(prefix, 'latin1'), rest]);
      const result = readAgentMessage(input);
      if (!result.ok) return expect(result).toEqual(refused);
      const { id, previousHash, body } = result.value;
      expect(numberMessage({ id: id - 1, hash: previousHash }, body).bytes).toEqual(input);
    }),
    { numRuns: 2000 },
  );
});
