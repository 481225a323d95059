/** Links and addresses as text. */
import fc from 'fast-check';
import { fromJson, hex, ok, vectors } from '../../test/vectors';
import type { ConnectionRequest, QueueUri, ServerAddress } from './address';
import { publicKeyOf } from '../crypto';
import { Reader, Writer } from '../encoding';
import { formatConnectionUri, parseConnectionUri } from './connection-uri';
import { restorePreset, shortenPreset } from './preset-servers';
import { formatQueueUri, parseQueueUri } from './queue-uri';
import { formatShortLink, parseShortLink, readShortLink, writeShortLink, type ShortLink } from './short-link';

describe('short links', () => {
  const { links, readOnly, invalid, presets } = vectors('links/short-links.json');

  test.each(links as { name: string; uri: string; simplex: string; link: unknown; binary: string }[])(
    '$name',
    (vector) => {
      const link = fromJson(vector.link) as ShortLink;
      expect(formatShortLink(link)).toBe(vector.uri);
      expect(parseShortLink(vector.uri)).toEqual(ok(link));
      expect(formatShortLink(link, 'simplex')).toBe(vector.simplex);
      expect(parseShortLink(vector.simplex)).toEqual(ok(link));
      const writer = new Writer();
      writeShortLink(writer, link);
      expect(writer.finish().toString('hex')).toBe(vector.binary);
      const reader = new Reader(hex(vector.binary));
      expect(readShortLink(reader)).toEqual(link);
      expect(reader.complete).toBe(true);
    },
  );

  test.each(readOnly as { name: string; uri: string; link: unknown }[])('$name', (vector) => {
    expect(parseShortLink(vector.uri)).toEqual(ok(fromJson(vector.link)));
  });

  test.each(invalid as string[])('no short link: %j', (uri) => {
    expect(parseShortLink(uri)).toEqual({ ok: false, error: 'A_LINK "not a short link"' });
  });

  interface PresetVector {
    readonly name: string;
    readonly presets: unknown;
    readonly from: unknown;
    readonly to: unknown;
  }
  const linkAt = (server: unknown): ShortLink => ({
    kind: 'contact',
    type: 'g',
    server: fromJson(server) as ServerAddress,
    linkKey: Buffer.alloc(32, 1),
  });

  test.each(presets.shortened as PresetVector[])('shortening: $name', (vector) => {
    const known = fromJson(vector.presets) as ServerAddress[];
    expect(shortenPreset(linkAt(vector.from), known)).toEqual(linkAt(vector.to));
  });

  test.each(presets.restored as PresetVector[])('restoring: $name', (vector) => {
    const known = fromJson(vector.presets) as ServerAddress[];
    expect(restorePreset(linkAt(vector.from), known)).toEqual(linkAt(vector.to));
  });
});

describe('addresses', () => {
  const { queues, connections } = vectors('links/addresses.json');

  test.each(queues.valid as { name: string; uri: string; queue: unknown }[])('queue: $name', (vector) => {
    const queue = fromJson(vector.queue) as QueueUri;
    expect(formatQueueUri(queue)).toBe(vector.uri);
    expect(parseQueueUri(vector.uri)).toEqual(ok(queue));
  });

  test.each(queues.readOnly as { name: string; uri: string; queue: unknown }[])('queue: $name', (vector) => {
    expect(parseQueueUri(vector.uri)).toEqual(ok(fromJson(vector.queue)));
  });

  test.each(queues.invalid as string[])('no queue: %j', (uri) => {
    expect(parseQueueUri(uri)).toEqual({ ok: false, error: 'A_LINK "not a queue address"' });
  });

  test.each(connections.valid as { name: string; uri: string; connection: unknown }[])('$name', (vector) => {
    const connection = fromJson(vector.connection) as ConnectionRequest;
    expect(formatConnectionUri(connection)).toBe(vector.uri);
    expect(parseConnectionUri(vector.uri)).toEqual(ok(connection));
  });

  test.each(connections.readOnly as { name: string; uri: string; connection: unknown }[])(
    '$name',
    (vector) => {
      expect(parseConnectionUri(vector.uri)).toEqual(ok(fromJson(vector.connection)));
    },
  );

  test.each(connections.invalid as string[])('no connection link: %j', (uri) => {
    expect(parseConnectionUri(uri)).toEqual({ ok: false, error: 'A_LINK "not a connection link"' });
  });

  test('client data that is not text has no long form', () => {
    const connection = fromJson(connections.valid[0].connection) as ConnectionRequest;
    expect(() => formatConnectionUri({ ...connection, clientData: Buffer.from([0xff]) })).toThrow(RangeError);
  });
});

describe('whatever they say', () => {
  const bytes = (minLength: number, maxLength: number) =>
    fc.uint8Array({ minLength, maxLength }).map((array) => Buffer.from(array));
  const host = fc.oneof(
    fc.domain(),
    fc.ipV4(),
    fc.ipV6().map((address) => `[${address}]`),
  );
  const server = fc.record({
    hosts: fc
      .tuple(host, fc.array(host, { maxLength: 2 }))
      .map(([main, others]): ServerAddress['hosts'] => [main, ...others]),
    port: fc.oneof(fc.constant(''), fc.integer({ min: 1, max: 65_535 }).map(String)),
    keyHash: fc.oneof(bytes(0, 0), bytes(32, 32)),
  });
  const link: fc.Arbitrary<ShortLink> = fc.oneof(
    fc.record({
      kind: fc.constant('contact' as const),
      type: fc.constantFrom('a' as const, 'c' as const, 'g' as const, 'r' as const),
      server,
      linkKey: bytes(32, 32),
    }),
    fc.record({
      kind: fc.constant('invitation' as const),
      server,
      linkId: bytes(24, 24),
      linkKey: bytes(32, 32),
    }),
  );
  const versions = fc
    .tuple(fc.integer({ min: 2, max: 20 }), fc.nat(20))
    .map(([min, more]) => ({ min, max: min + more }));
  const queue: fc.Arbitrary<QueueUri> = fc.record({
    versions: fc.oneof(versions, fc.constant({ min: 1, max: 4 })),
    server,
    senderId: bytes(1, 40),
    dhKey: bytes(32, 32).map((raw) => publicKeyOf('x25519', raw)),
    mode: fc.constantFrom('M' as const, 'C' as const),
  });
  const connection: fc.Arbitrary<ConnectionRequest> = fc.record(
    {
      mode: fc.constantFrom('C' as const, 'I' as const),
      agentVersions: versions,
      queues: fc.array(queue, { minLength: 1, maxLength: 3 }),
      clientData: fc.string({ unit: 'grapheme' }).map((text) => Buffer.from(text)),
    },
    { requiredKeys: ['mode', 'agentVersions', 'queues'] },
  );

  test('parse(format(link)) is the link in both forms', () => {
    fc.assert(
      fc.property(link, fc.constantFrom('server' as const, 'simplex' as const), (value, form) =>
        expect(parseShortLink(formatShortLink(value, form))).toEqual(ok(value)),
      ),
    );
  });

  test('read(write(link)) is the link', () => {
    fc.assert(
      fc.property(link, (value) => {
        const writer = new Writer();
        writeShortLink(writer, value);
        const reader = new Reader(writer.finish());
        expect(readShortLink(reader)).toEqual(value);
        expect(reader.complete).toBe(true);
      }),
    );
  });

  test('a link shortened and restored is at its preset server', () => {
    fc.assert(
      fc.property(link, fc.array(server), (value, others) => {
        const presets = [value.server, ...others];
        expect(restorePreset(shortenPreset(value, presets), presets)).toEqual(value);
      }),
    );
  });

  test('parse(format(queue)) and parse(format(connection)) are what they were', () => {
    fc.assert(fc.property(queue, (value) => expect(parseQueueUri(formatQueueUri(value))).toEqual(ok(value))));
    fc.assert(
      fc.property(connection, (value) =>
        expect(parseConnectionUri(formatConnectionUri(value))).toEqual(ok(value)),
      ),
    );
  });

  test('no text makes a parser throw or take long', () => {
    const part = fc.oneof(
      fc.string(),
      fc.constantFrom('simplex:/', 'https://a', 'smp://', '/a#', '/contact#/?', 'v=1&smp=', '%', ',', '='),
    );
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        for (const parse of [parseShortLink, parseQueueUri, parseConnectionUri]) {
          expect(typeof parse(parts.join('')).ok).toBe('boolean');
        }
      }),
      { numRuns: 2000 },
    );
    // where it takes more than a walk through the text, this does not end
    for (const long of ['a', '[', 'a=', 'a,', '=', '[:]', '@', '/']) {
      parseQueueUri(`smp://${long.repeat(200_000)}`);
      parseShortLink(`https://h/i#${long.repeat(200_000)}`);
    }
  });
});
