import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  decodeBody,
  encodeBase64Url,
  encodeBatch,
  encodeElement,
  encodeEnvelope,
  messages,
  type Element,
  type Envelope,
  type Result,
} from './index';

interface Vector {
  name: string;
  text?: string;
  hex?: string;
  /** Valid ones only: these are the very bytes that our encoders write. */
  canonical?: boolean;
  elements: unknown[];
}

const folder = join(__dirname, '../../../vectors/messages');

function vectors(kind: 'valid' | 'invalid'): [string, Vector][] {
  const files = readdirSync(join(folder, kind)).sort();
  return files.map((file) => [file, JSON.parse(readFileSync(join(folder, kind, file), 'utf8')) as Vector]);
}

function bytesOf({ text, hex }: Vector): Uint8Array {
  return text === undefined ? Uint8Array.from(Buffer.from(hex ?? '', 'hex')) : new TextEncoder().encode(text);
}

const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

function envelopeJson(envelope: Envelope): object {
  const json: unknown = JSON.parse(new TextDecoder().decode(encodeEnvelope(envelope)));
  return { envelope: json, ...(envelope.message.unknown && { unknown: true }) };
}

/** A decoded element in the language-neutral form of the vectors. */
function neutral(element: Element): object {
  const { kind } = element;
  switch (kind) {
    case 'message':
      return { kind, ...envelopeJson(element.envelope) };
    case 'signed': {
      const { binding, signatures, envelope } = element;
      return { kind, binding, signatures: signatures.map(hexOf), ...envelopeJson(envelope) };
    }
    case 'fileChunk': {
      const { msgId, chunkNumber, data } = element;
      return { kind, msgId: encodeBase64Url(msgId), chunkNumber, data: hexOf(data) };
    }
    case 'forwarded': {
      const { sender, timeSeconds } = element;
      const neutralSender =
        sender.kind === 'member' ? { ...sender, memberId: encodeBase64Url(sender.memberId) } : sender;
      return { kind, sender: neutralSender, timeSeconds, element: neutral(element.element) };
    }
  }
}

function outcome(result: Result<Element>): object {
  return result.ok ? neutral(result.value) : { issues: result.issues };
}

function encodeAgain(body: Uint8Array): Uint8Array {
  const elements = decodeBody(body).flatMap((result) => (result.ok ? [encodeElement(result.value)] : []));
  return body[0] === 0x3d || elements.length !== 1 ? encodeBatch(elements) : elements[0];
}

describe('valid vectors', () => {
  test.each(vectors('valid'))('%s', (_file, vector) => {
    const body = bytesOf(vector);
    expect(decodeBody(body).map(outcome)).toEqual(vector.elements);
    expect(hexOf(encodeAgain(body)) === hexOf(body)).toBe(vector.canonical);
  });

  test.each(messages.map((schema) => [schema.tag, schema] as const))('%s has its example', (tag, schema) => {
    const example = { message: { event: tag, params: schema.example } } as { message: Envelope['message'] };
    const vector = vectors('valid').find(([file]) => file === `${tag}.json`)?.[1];
    expect(new TextDecoder().decode(encodeEnvelope(example))).toBe(vector?.text);
  });
});

describe('invalid vectors', () => {
  test.each(vectors('invalid'))('%s', (_file, vector) => {
    const results = decodeBody(bytesOf(vector));
    expect(results.map(outcome)).toEqual(vector.elements);
    expect(results.some((result) => !result.ok)).toBe(true);
  });
});
