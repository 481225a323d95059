import { decodeElement, encodeElement, encodeForward } from './index';

const ok = new TextEncoder().encode('{"v":"1-19","event":"x.ok","params":{}}');

function nameAfter(memberName: string): string | undefined {
  const forward = encodeForward({ kind: 'member', memberId: Uint8Array.of(1), memberName }, 0, ok);
  const element = decodeElement(forward);
  return element.ok && element.value.kind === 'forwarded' && element.value.sender.kind === 'member'
    ? element.value.sender.memberName
    : undefined;
}

test.each([
  ['sixteen letters.', 'sixteen letters.'],
  ['seventeen letters', 'seventeen letter…'],
  ['seventeen letter…', 'seventeen letter…'],
  ['\uFEFFbyte order mark', '\uFEFFbyte order mark'],
  ['😀'.repeat(16), '😀'.repeat(16)],
  ['😀'.repeat(17), `${'😀'.repeat(16)}…`],
])('the name %s is forwarded as %s', (name, forwarded) => {
  expect(nameAfter(name)).toBe(forwarded);
});

test('a signed element is forwarded byte for byte, white space and all', () => {
  const body = new TextEncoder().encode('{ "event": "x.ok" ,"params":{}, "v":"1" }');
  const signed = encodeElement({ kind: 'signed', binding: 'G', signatures: [new Uint8Array(64)], body });
  const received = decodeElement(signed);
  if (!received.ok) throw new Error('not decoded');
  const forward = decodeElement(encodeForward({ kind: 'channel' }, 1, received.value.bytes));
  expect(forward).toMatchObject({ ok: true, value: { element: { kind: 'signed', bytes: signed, body } } });
});

test('our own mistakes throw: an id that no frame can hold, a time that is no integer', () => {
  const member = { kind: 'member', memberId: new Uint8Array(256), memberName: '' } as const;
  expect(() => encodeForward(member, 0, ok)).toThrow(RangeError);
  expect(() => encodeForward({ kind: 'channel' }, 0.5, ok)).toThrow(RangeError);
});
