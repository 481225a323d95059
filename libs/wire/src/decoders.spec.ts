import fc from 'fast-check';
import {
  array,
  boolean,
  bytes,
  decodeBody,
  decodeElement,
  decodeEnvelope,
  dictionary,
  encodeBatch,
  encodeElement,
  encodeEnvelope,
  encodeForward,
  integer,
  jsonObject,
  messageContent,
  messages,
  messageTags,
  object,
  optional,
  string,
  timestamp,
  versionRange,
  type Element,
  type ElementDraft,
  type Envelope,
  type JsonObject,
  type MessageContent,
  type Result,
} from './index';

const utf8 = new TextEncoder();
const id = fc.uint8Array({ minLength: 1, maxLength: 255 });
const versions = fc
  .tuple(fc.nat({ max: 0xffff }), fc.nat({ max: 0xffff }))
  .map(([a, b]) => ({ min: Math.min(a, b), max: Math.max(a, b) }));

/** What JSON text can say: no -0 after a round, and own `__proto__` keys. */
const json = fc
  .jsonValue({ noUnicodeString: false })
  .map((value): unknown => JSON.parse(JSON.stringify(value)));
const jsonRecord = fc
  .dictionary(fc.string(), json)
  .map((value) => JSON.parse(JSON.stringify(value)) as JsonObject);

const seconds = fc.integer({ min: 0, max: 253402300799 });
const utc = seconds.map((time) => new Date(time * 1000).toISOString());

const textContent = fc.record({ type: fc.constant('text'), text: fc.string({ unit: 'binary' }) });
const pollContent = fc.record({ type: fc.constant('poll'), text: fc.string() });
const content = fc.oneof(textContent, pollContent) as fc.Arbitrary<unknown> as fc.Arbitrary<MessageContent>;

const newMessage = fc.record(
  {
    content,
    mentions: fc.dictionary(fc.string(), fc.record({ memberId: id }), { noNullPrototype: true }),
    ttl: fc.nat(),
    live: fc.boolean(),
    scope: jsonRecord,
    parent: fc.record({ msgId: id, sentAt: utc, sent: fc.boolean() }),
  },
  { requiredKeys: ['content'] },
);

const original = fc.oneof(
  newMessage.map((params) => ({ event: 'x.msg.new' as const, params })),
  fc.constantFrom(...messages).map(({ tag, example }) => ({ event: tag, params: example })),
  fc
    .tuple(fc.string(), jsonRecord)
    .map(([name, params]) => ({ event: `x.unheard.${name}`, params, unknown: true as const })),
) as fc.Arbitrary<unknown> as fc.Arbitrary<Envelope['message']>;

const envelope: fc.Arbitrary<Envelope> = fc.record(
  { version: versions, msgId: id, message: original },
  { requiredKeys: ['version', 'message'] },
);

const originalDraft: fc.Arbitrary<ElementDraft> = fc.oneof(
  envelope.map((envelope) => ({ kind: 'message' as const, envelope })),
  fc.record({
    kind: fc.constant('signed' as const),
    binding: fc.constantFrom('G' as const, 'D' as const, 'C' as const),
    signatures: fc.array(fc.uint8Array({ minLength: 64, maxLength: 64 }), { minLength: 1, maxLength: 3 }),
    body: envelope.map(encodeEnvelope),
  }),
  fc.record({
    kind: fc.constant('fileChunk' as const),
    msgId: id,
    chunkNumber: fc.nat({ max: 255 }),
    data: fc.uint8Array(),
  }),
);

const sender = fc.oneof(
  fc.record({
    kind: fc.constant('member' as const),
    memberId: id,
    memberName: fc.string({ unit: 'binary', maxLength: 16 }),
  }),
  fc.constant({ kind: 'channel' as const }),
);

const forwardDraft = fc
  .tuple(sender, fc.maxSafeInteger(), originalDraft)
  .map(([from, timeSeconds, element]) => encodeForward(from, timeSeconds, encodeElement(element)));

const elementBytes = fc.oneof(originalDraft.map(encodeElement), forwardDraft);

function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.issues));
  return result.value;
}

describe('what was encoded is decoded as it was', () => {
  test('envelopes', () => {
    fc.assert(
      fc.property(envelope, (value) => {
        expect(valueOf(decodeEnvelope(encodeEnvelope(value)))).toEqual(value);
      }),
    );
  });

  test('elements an author sends', () => {
    fc.assert(
      fc.property(originalDraft, (draft) => {
        expect(valueOf(decodeElement(encodeElement(draft)))).toMatchObject(draft);
      }),
    );
  });

  test('forwarded elements, with the exact bytes of the original', () => {
    fc.assert(
      fc.property(sender, fc.maxSafeInteger(), originalDraft, (from, timeSeconds, draft) => {
        const inner = encodeElement(draft);
        const element = valueOf(decodeElement(encodeForward(from, timeSeconds, inner)));
        expect(element).toMatchObject({ kind: 'forwarded', sender: from, timeSeconds, element: draft });
        expect(element.kind === 'forwarded' && element.element.bytes).toEqual(inner);
      }),
    );
  });

  test('batches, each element with its exact bytes', () => {
    fc.assert(
      fc.property(fc.array(elementBytes, { maxLength: 20 }), (elements) => {
        const decoded: Element[] = decodeBody(encodeBatch(elements)).map(valueOf);
        expect(decoded.map((element) => element.bytes)).toEqual(elements);
      }),
    );
  });

  test('unknown fields at any level, whatever their names', () => {
    fc.assert(
      fc.property(jsonRecord, jsonRecord, (outer, inner) => {
        const params = { ...inner, relayLink: 'https://smp.example.com/g#a', relayCap: { ...outer } };
        const sent = { ...outer, v: '1-19', event: 'x.grp.relay.acpt', params };
        delete params.relayCap.webDomain;
        delete (sent as JsonObject).msgId;
        const again = encodeEnvelope(valueOf(decodeEnvelope(utf8.encode(JSON.stringify(sent)))));
        expect(JSON.parse(new TextDecoder().decode(again))).toEqual(sent);
      }),
    );
  });
});

describe('nothing throws', () => {
  const prefix = fc
    .constantFrom('{', '/', '>', 'F', '=', '[', 'X', '/G\u0001', '>C', '=\u0002', '')
    .map((text) => utf8.encode(text));

  test('random bytes in every decoder of bytes', () => {
    fc.assert(
      fc.property(prefix, fc.uint8Array({ maxLength: 300 }), (start, rest) => {
        const body = Uint8Array.from([...start, ...rest]);
        for (const result of [...decodeBody(body), decodeElement(body), decodeEnvelope(body)]) {
          expect(result.ok || result.issues.length > 0).toBe(true);
        }
      }),
      { numRuns: 2000 },
    );
  });

  test('a good body with any byte changed or any tail cut', () => {
    fc.assert(
      fc.property(
        fc.array(elementBytes, { maxLength: 3 }),
        fc.nat(),
        fc.nat(255),
        fc.nat(),
        (elements, at, to, cut) => {
          const body = encodeBatch(elements);
          body[at % body.length] = to;
          decodeBody(body.subarray(0, body.length - (cut % 8)));
        },
      ),
      { numRuns: 500 },
    );
  });

  test('random JSON in every codec', () => {
    const codecs = [
      ...messages.map((schema) => schema.params),
      ...[array(bytes()), dictionary(integer), object({ a: optional(string), b: boolean }), jsonObject],
      ...[messageContent, timestamp, versionRange],
    ];
    fc.assert(
      fc.property(json, (value) => {
        for (const codec of codecs) codec.decode(value, 'params');
      }),
    );
  });

  test('random params in every known message', () => {
    const keys = [
      'groupRelayInvitation',
      'relayLink',
      'relayCap',
      'groupProfile',
      'profile',
      'content',
      'msg',
      'v',
    ];
    const params = fc.dictionary(fc.constantFrom(...keys), json);
    fc.assert(
      fc.property(fc.constantFrom(...messageTags), params, (event, value) => {
        decodeEnvelope(utf8.encode(JSON.stringify({ event, params: value })));
      }),
    );
  });

  test('what was decoded can be encoded, however deep the JSON was', () => {
    const nested = (depth: number) =>
      `{"event":"x.ok","params":{"a":${'['.repeat(depth)}${']'.repeat(depth)}}}`;
    encodeEnvelope(valueOf(decodeEnvelope(utf8.encode(nested(98)))));
    expect(decodeEnvelope(utf8.encode(nested(1_000_000)))).toMatchObject({ ok: false });
  });
});
