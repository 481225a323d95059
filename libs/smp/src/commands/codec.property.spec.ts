import fc from 'fast-check';
import { decodeAgentEnvelope, encodeAgentEnvelope, type AgentEnvelope } from '../messages/agent-envelope';
import { Writer } from '../encoding';
import { decodeCommand, encodeCommand, type Command, type QueueRequest } from './command';
import { decodeContactLinkData, decodeFixedLinkData } from '../links/link-data';
import { decodeReceivedMessage } from '../messages/received-message';
import type { QueueInfo } from './queue-info';
import { decodeResponse, encodeResponse, isSmpError, type Response } from './response';
import { id, newQueue, publicKey, TestServer } from '../../test/test-server';
import { parseShortLink, formatShortLink, type ShortLink } from '../links/short-link';
import { decodeServerHello } from '../transport/server-hello';
import {
  pack,
  packBlocks,
  unpackBlock,
  type ReceivedTransmission,
  type Transmission,
} from '../transport/transmission';

const bytes = (maxLength = 300, minLength = 0) =>
  fc.uint8Array({ minLength, maxLength }).map((array) => Buffer.from(array));
const shortBytes = bytes(255);
const anId = bytes(24, 24);
const ed448 = bytes(57, 57).map((raw) =>
  Buffer.concat([Buffer.from('3043300506032b6571033a00', 'hex'), raw]),
);
const ed25519 = fc.nat().map((number) => publicKey('ed25519', number));
const x25519 = fc.nat().map((number) => publicKey('x25519', number));
const kind = <K extends string>(value: K) => fc.constant(value);
const bare = <K extends string>(...kinds: K[]) => fc.constantFrom(...kinds).map((value) => ({ kind: value }));
const key = fc.oneof(ed25519, x25519, ed448);
const parts = { fixedData: bytes(2048), userData: bytes(2048) };
const requireKinds = { requiredKeys: ['kind'] as ['kind'] };

const queue: fc.Arbitrary<QueueRequest> = fc.oneof(
  fc.record({ mode: kind('M'), link: fc.record({ senderId: anId, ...parts }) }, { requiredKeys: ['mode'] }),
  fc.record(
    { mode: kind('C'), link: fc.record({ senderId: anId, linkId: anId, ...parts }) },
    { requiredKeys: ['mode'] },
  ),
);

const command = fc.oneof(
  fc.record(
    {
      kind: kind('NEW'),
      recipientKey: key,
      recipientDhKey: x25519,
      subscribe: fc.boolean(),
      basicAuth: shortBytes,
      queue,
      notifier: fc.record({ authKey: ed25519, dhKey: x25519 }),
    },
    { requiredKeys: ['kind', 'recipientKey', 'recipientDhKey', 'subscribe'] },
  ),
  fc.record({ kind: kind('SEND'), notify: fc.boolean(), body: bytes(2000) }),
  fc.record({ kind: kind('ACK'), msgId: shortBytes }),
  fc.record({ kind: kind('LSET'), linkId: shortBytes, ...parts }),
  fc.record({ kind: fc.constantFrom('KEY', 'SKEY', 'LKEY'), key }),
  fc.record({ kind: kind('RKEY'), keys: fc.array(key, { minLength: 1, maxLength: 255 }) }),
  bare('SUB', 'GET', 'LDEL', 'LGET', 'OFF', 'DEL', 'QUE', 'PING'),
) as fc.Arbitrary<Command>;

const queueInfo: fc.Arbitrary<QueueInfo> = fc.record(
  {
    qiSnd: fc.boolean(),
    qiNtf: fc.boolean(),
    qiSub: fc.record(
      {
        qSubThread: fc.constantFrom('noSub', 'subPending', 'subThread', 'prohibitSub'),
        qDelivered: fc.base64String(),
      },
      { requiredKeys: ['qSubThread'] },
    ),
    qiSize: fc.nat(),
    qiMsg: fc.record({
      msgId: fc.base64String(),
      msgTs: fc.string(),
      msgType: fc.constantFrom('message', 'quota'),
    }),
  },
  { requiredKeys: ['qiSnd', 'qiNtf', 'qiSize'] },
);

const response = fc.oneof(
  fc.record(
    {
      kind: kind('IDS'),
      recipientId: anId,
      senderId: anId,
      serverDhKey: x25519,
      mode: fc.constantFrom('M', 'C'),
      linkId: anId,
      serviceId: anId,
      notifier: fc.record({ id: anId, dhKey: x25519 }),
    },
    { requiredKeys: ['kind', 'recipientId', 'senderId', 'serverDhKey'] },
  ),
  fc.record({ kind: kind('SOK'), serviceId: anId }, requireKinds),
  fc.record({ kind: kind('MSG'), msgId: anId, body: bytes(2000) }),
  fc.record({ kind: kind('LNK'), senderId: anId, ...parts }),
  fc.record({ kind: kind('INFO'), info: queueInfo }),
  fc.record({
    kind: kind('ERR'),
    error: fc.oneof(
      fc.constantFrom('AUTH', 'QUOTA', 'CMD SYNTAX', 'SESSION'),
      fc.string().map((text) => `STORE ${text}`),
    ),
  }),
  bare('OK', 'END', 'DELD', 'PONG'),
) as fc.Arbitrary<Response>;

const unsigned = { corrId: shortBytes, entityId: shortBytes, body: bytes(1200) };
const transmission: fc.Arbitrary<Transmission> = fc.oneof(
  fc.record({ authorization: bytes(0), ...unsigned }),
  fc.record(
    { authorization: bytes(255, 1), serviceSignature: shortBytes, ...unsigned },
    { requiredKeys: ['authorization', 'corrId', 'entityId', 'body'] },
  ),
);

/** As it is read: with what its authorization is of. */
function received(value: Transmission): ReceivedTransmission {
  const { corrId, entityId, body } = value;
  return { ...value, authorized: new Writer().shortString(corrId).shortString(entityId).raw(body).finish() };
}

test('decode(encode(command)) is the command', () => {
  fc.assert(
    fc.property(command, (value) => expect(decodeCommand(encodeCommand(value))).toEqual({ ok: true, value })),
  );
});

test('decode(encode(response)) is the response', () => {
  fc.assert(
    fc.property(response, (value) =>
      expect(decodeResponse(encodeResponse(value))).toEqual({ ok: true, value }),
    ),
  );
});

test.each(['PROXY a\0b', 'PROXY a\nb', 'PROXY \u202e', `PROXY ${'x'.repeat(1_019)}`, 'STORE \x1b[2J'])(
  '%j is no SMP error: it would go into logs and records',
  (error) => expect(isSmpError(error)).toBe(false),
);

test('unpack(pack(transmissions)) is the transmissions, in blocks within their limits', () => {
  fc.assert(
    fc.property(
      fc.array(transmission, { maxLength: 600 }),
      fc.integer({ min: 2000, max: 65_536 }),
      (all, max) => {
        const blocks = packBlocks(all, max);
        const unpacked = blocks.map((block) => {
          const read = unpackBlock(block);
          if (!read.ok) throw new Error(read.error);
          expect(block.length).toBeLessThanOrEqual(max);
          expect(read.value).toHaveLength(block[0]);
          return read.value;
        });
        expect(unpacked.flat()).toEqual(all.map((value) => ({ ok: true, value: received(value) })));
      },
    ),
  );
});

const link: fc.Arbitrary<ShortLink> = fc.record({
  kind: kind('contact'),
  type: fc.constantFrom('a', 'c', 'g', 'r'),
  server: fc.record({
    hosts: fc.tuple(fc.domain(), fc.domain()),
    port: fc.oneof(kind(''), fc.integer({ min: 1, max: 65_535 }).map(String)),
    keyHash: fc.oneof(bytes(0), bytes(32, 32)),
  }),
  linkKey: bytes(32, 32),
});

test('parse(format(link)) is the link', () => {
  fc.assert(
    fc.property(link, (value) => expect(parseShortLink(formatShortLink(value))).toEqual({ ok: true, value })),
  );
});

test('no bytes make a decoder throw, and every refusal names an error', () => {
  const decoders = [
    decodeCommand,
    decodeResponse,
    decodeReceivedMessage,
    decodeServerHello,
    decodeAgentEnvelope,
    decodeFixedLinkData,
    decodeContactLinkData,
    unpackBlock,
  ];
  const tag = fc.constantFrom(
    'NEW ',
    'SEND ',
    'ACK ',
    'LSET ',
    'KEY ,0*0\x05\x06\x03+en\x03!\0',
    'RKEY \x01,',
    'IDS ',
    'INFO {"qiSnd":',
    'LNK ',
    'MSG ',
    'ERR ',
    'C',
    '\0\x07I',
    '\0\x07C0D',
    '',
  );
  fc.assert(
    fc.property(tag, bytes(400), (prefix, rest) => {
      const input = Buffer.concat([Buffer.from(prefix), rest]);
      for (const decode of decoders) {
        const result = decode(input);
        if (!result.ok) expect(result.error).toMatch(/^(CMD (UNKNOWN|SYNTAX)|A_MESSAGE|BLOCK|SESSION)$/);
      }
    }),
    { numRuns: 2000 },
  );
  fc.assert(fc.property(fc.string(), (text) => void parseShortLink(`https://a/a#${text}`)));
});

test('encodings cut anywhere are refused or read, never thrown', () => {
  const envelopes: fc.Arbitrary<AgentEnvelope> = fc.record({
    kind: kind('message'),
    version: fc.nat(65_535),
    message: bytes(100),
  });
  fc.assert(
    fc.property(command, response, envelopes, fc.nat(3000), (one, two, three, at) => {
      for (const [encoded, decode] of [
        [encodeCommand(one), decodeCommand],
        [encodeResponse(two), decodeResponse],
        [encodeAgentEnvelope(three), decodeAgentEnvelope],
      ] as const) {
        expect(typeof decode(encoded.subarray(0, at % (encoded.length + 1))).ok).toBe('boolean');
      }
    }),
  );
});

test('a server answers whatever bytes it is given, in the session that sent them', () => {
  fc.assert(
    fc.property(transmission, (value) => {
      const server = new TestServer();
      const batch = server.core.begin();
      batch.apply(server.session('a'), received(value));
      const outgoing = batch.commit();
      expect([...outgoing.keys()]).toEqual(['a']);
      expect(outgoing.get('a')).toHaveLength(1);
    }),
  );
});

describe('sizes that the facts give', () => {
  const fixedData = Buffer.alloc(2048);
  const userData = Buffer.alloc(13_824);
  /** bytes of an SMP block of 16,384 that are left for the count and the transmissions */
  const SMP_BLOCK = 16_384 - 18;
  const repeat = (count: number, size: number): Buffer[] =>
    Array.from({ length: count }, () => Buffer.alloc(size));
  const counts = (items: Buffer[]): number[] =>
    pack(items, (writer, item) => writer.raw(item), SMP_BLOCK).map((block) => block[0]);

  test('NEW with a contact link, LSET and LNK', () => {
    const contact: QueueRequest = {
      mode: 'C',
      link: { senderId: id('s'), linkId: id('l'), fixedData, userData },
    };
    expect(encodeCommand(newQueue(1, contact))).toHaveLength(16_026);
    expect(encodeCommand({ kind: 'LSET', linkId: id('l'), fixedData, userData })).toHaveLength(15_906);
    expect(encodeResponse({ kind: 'LNK', senderId: id('s'), fixedData, userData })).toHaveLength(15_905);
  });

  test('135 SUB and 255 END per SMP block', () => {
    expect(counts(repeat(300, 119))).toEqual([135, 135, 30]);
    expect(counts(repeat(300, 1 + 1 + 25 + 3))).toEqual([255, 45]);
  });

  test('a transmission over the limit of the block goes alone; one over 65,535 bytes is our mistake', () => {
    expect(counts([Buffer.alloc(10), Buffer.alloc(20_000), Buffer.alloc(10)])).toEqual([1, 1, 1]);
    expect(() => counts([Buffer.alloc(65_536)])).toThrow('transmission of 65536 bytes');
  });
});
