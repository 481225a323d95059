import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeAgentEnvelope, encodeAgentEnvelope, type AgentEnvelope } from './messages/agent-envelope';
import { decodeCommand, encodeCommand, type Command } from './commands/command';
import { realCrypto, publicKeyType, type KeyType } from './crypto';
import { Reader, Writer } from './encoding';
import {
  contactLinkKeys,
  decodeContactLinkData,
  decodeFixedLinkData,
  encodeContactLinkData,
  encodeFixedLinkData,
  linkKeyOf,
  type ContactLinkData,
  type FixedLinkData,
} from './links/link-data';
import { senderIdOf } from './server/new-queue';
import {
  decodeReceivedMessage,
  encodeReceivedMessage,
  type ReceivedMessage,
} from './messages/received-message';
import { decodeResponse, encodeResponse, type Response } from './commands/response';
import {
  formatShortLink,
  parseShortLink,
  readShortLink,
  writeShortLink,
  type ShortLink,
} from './links/short-link';
import { packBlocks, unpackBlock, type Transmission } from './transport/transmission';

const VECTORS = join(__dirname, '../../../vectors');
const vectors = (file: string) => JSON.parse(readFileSync(join(VECTORS, file), 'utf8'));

/** Fields whose JSON value is text or a number; every other string is hex. */
const TEXTUAL = new Set(['kind', 'error', 'mode', 'type', 'hosts', 'port']);

function fromJson(value: unknown, key = ''): unknown {
  if (typeof value === 'string') return TEXTUAL.has(key) ? value : Buffer.from(value, 'hex');
  if (Array.isArray(value)) return value.map((item) => fromJson(item, key));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, fromJson(item, name)]));
}

const hex = (text: string) => Buffer.from(text, 'hex');
const ok = (value: unknown) => ({ ok: true, value });

describe('primitives', () => {
  const { int64, receivedMessages, receivedMessagesInvalid, senderIds, keys } =
    vectors('smp/primitives.json');

  test.each(int64 as { value: string; hex: string }[])('Int64 $value', (vector) => {
    expect(new Writer().int64(BigInt(vector.value)).finish().toString('hex')).toBe(vector.hex);
    expect(new Reader(hex(vector.hex)).int64()).toBe(BigInt(vector.value));
  });

  test.each(receivedMessages as { hex: string; message: unknown }[])('received message $hex', (vector) => {
    const message = fromJson(vector.message) as ReceivedMessage;
    expect(encodeReceivedMessage(message).toString('hex')).toBe(vector.hex);
    expect(decodeReceivedMessage(hex(vector.hex))).toEqual(ok(message));
  });

  test.each(receivedMessagesInvalid as string[])('no received message: %s', (bytes) => {
    expect(decodeReceivedMessage(hex(bytes))).toEqual({ ok: false, error: 'CMD SYNTAX' });
  });

  test.each(senderIds as { corrId: string; senderId: string }[])('sender id of $corrId', (vector) => {
    expect(senderIdOf(hex(vector.corrId)).toString('hex')).toBe(vector.senderId);
  });

  test.each(keys as { type: KeyType; seed: string; publicKey: string; source: string }[])(
    '$type key pair of $source',
    (vector) => {
      const { publicKey } = realCrypto.keyPair(vector.type, hex(vector.seed));
      expect(Buffer.from(publicKey).toString('hex')).toBe(vector.publicKey);
      expect(publicKeyType(publicKey)).toBe(vector.type);
    },
  );
});

describe('commands', () => {
  const { valid, lenient, invalid } = vectors('smp/commands.json');

  test.each(valid as { name: string; hex: string; command: unknown }[])('$name', (vector) => {
    const command = fromJson(vector.command) as Command;
    expect(encodeCommand(command).toString('hex')).toBe(vector.hex);
    expect(decodeCommand(hex(vector.hex))).toEqual(ok(command));
  });

  test.each(lenient as { name: string; hex: string; command: unknown }[])('$name', (vector) => {
    expect(decodeCommand(hex(vector.hex))).toEqual(ok(fromJson(vector.command)));
  });

  test.each(invalid as { name: string; hex: string; error: string }[])('$name: $error', (vector) => {
    expect(decodeCommand(hex(vector.hex))).toEqual({ ok: false, error: vector.error });
  });
});

describe('responses', () => {
  const { valid, invalid } = vectors('smp/responses.json');

  test.each(valid as { name: string; hex: string; response: unknown }[])('$name', (vector) => {
    const response = fromJson(vector.response) as Response;
    expect(encodeResponse(response).toString('hex')).toBe(vector.hex);
    expect(decodeResponse(hex(vector.hex))).toEqual(ok(response));
  });

  test.each(invalid as { name: string; hex: string; error: string }[])('$name: $error', (vector) => {
    expect(decodeResponse(hex(vector.hex))).toEqual({ ok: false, error: vector.error });
  });
});

describe('blocks', () => {
  const { valid, invalid } = vectors('smp/blocks.json');

  test.each(valid as { name: string; hex: string; transmissions: { error?: string }[] }[])(
    '$name',
    (vector) => {
      const expected = vector.transmissions.map((item) =>
        item.error ? { ok: false, error: item.error } : ok(fromJson(item)),
      );
      expect(unpackBlock(hex(vector.hex))).toEqual(ok(expected));
      if (vector.transmissions.some((item) => item.error)) return;
      const packed = packBlocks(vector.transmissions.map((item) => fromJson(item) as Transmission));
      expect(packed.map((block) => block.toString('hex'))).toEqual([vector.hex]);
    },
  );

  test.each(invalid as { name: string; hex: string }[])('refused whole: $name', (vector) => {
    expect(unpackBlock(hex(vector.hex))).toEqual({ ok: false, error: 'BLOCK' });
  });
});

describe('short links', () => {
  const { links, readOnly, invalid } = vectors('links/short-links.json');

  test.each(links as { name: string; uri: string; link: unknown; binary: string }[])('$name', (vector) => {
    const link = fromJson(vector.link) as ShortLink;
    expect(formatShortLink(link)).toBe(vector.uri);
    expect(parseShortLink(vector.uri)).toEqual(ok(link));
    const writer = new Writer();
    writeShortLink(writer, link);
    expect(writer.finish().toString('hex')).toBe(vector.binary);
    const reader = new Reader(hex(vector.binary));
    expect(readShortLink(reader)).toEqual(link);
    expect(reader.complete).toBe(true);
  });

  test.each(readOnly as { name: string; uri: string; link: unknown }[])('$name', (vector) => {
    expect(parseShortLink(vector.uri)).toEqual(ok(fromJson(vector.link)));
  });

  test.each(invalid as string[])('no short link: %s', (uri) => {
    expect(parseShortLink(uri).ok).toBe(false);
  });
});

describe('link data', () => {
  const { fixed, user, ignoredTails, invalid, keys } = vectors('links/link-data.json');

  test.each(fixed as { hex: string; data: unknown }[])('fixed data', (vector) => {
    const data = fromJson(vector.data) as FixedLinkData;
    expect(encodeFixedLinkData(data).toString('hex')).toBe(vector.hex);
    expect(decodeFixedLinkData(hex(vector.hex))).toEqual(ok(data));
  });

  test.each(user as { hex: string; data: unknown }[])('user data', (vector) => {
    const data = fromJson(vector.data) as ContactLinkData;
    expect(encodeContactLinkData(data).toString('hex')).toBe(vector.hex);
    expect(decodeContactLinkData(hex(vector.hex))).toEqual(ok(data));
  });

  test('what a later version adds at the end is ignored', () => {
    expect(decodeFixedLinkData(hex(ignoredTails.fixed))).toEqual(ok(fromJson(fixed[0].data)));
    expect(decodeContactLinkData(hex(ignoredTails.user))).toEqual(ok(fromJson(user[0].data)));
  });

  test.each(invalid.fixed as string[])('no fixed data: %s', (bytes) => {
    expect(decodeFixedLinkData(hex(bytes))).toEqual({ ok: false, error: 'A_MESSAGE' });
  });

  test.each(invalid.user as string[])('no user data: %s', (bytes) => {
    expect(decodeContactLinkData(hex(bytes))).toEqual({ ok: false, error: 'A_MESSAGE' });
  });

  test.each(keys as { linkKey: string; linkId: string; symmetricKey: string; fixedData?: string }[])(
    'keys of $linkKey',
    (vector) => {
      if (vector.fixedData) expect(linkKeyOf(hex(vector.fixedData)).toString('hex')).toBe(vector.linkKey);
      const { linkId, symmetricKey } = contactLinkKeys(hex(vector.linkKey));
      expect(linkId.toString('hex')).toBe(vector.linkId);
      expect(symmetricKey.toString('hex')).toBe(vector.symmetricKey);
    },
  );
});

describe('agent envelopes', () => {
  const { valid, invalid } = vectors('links/agent-envelopes.json');

  test.each(valid as { hex: string; envelope: { kind: string } }[])('$envelope.kind', (vector) => {
    const envelope = fromJson(vector.envelope) as AgentEnvelope;
    expect(encodeAgentEnvelope(envelope).toString('hex')).toBe(vector.hex);
    expect(decodeAgentEnvelope(hex(vector.hex))).toEqual(ok(envelope));
  });

  test.each(invalid as string[])('no envelope: %s', (bytes) => {
    expect(decodeAgentEnvelope(hex(bytes))).toEqual({ ok: false, error: 'A_MESSAGE' });
  });
});
