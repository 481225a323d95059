import { envelopeOf, type Envelope as EnvelopeOf } from './envelope-codec';
import { parseJson } from './json';
import { messages, type Message } from './messages';
import type { Result } from './result';
import { encodeUtf8 } from './utf8';
import { supportedVersions } from './version-range';

export type Envelope = EnvelopeOf<Message>;

/** An envelope to send: without a version it says what we support. */
export type EnvelopeDraft = Omit<Envelope, 'version'> & Partial<Pick<Envelope, 'version'>>;

const codec = envelopeOf<Message>(messages);

/** Bytes of one JSON envelope: `{"v","msgId"?,"event","params"}`. Issues have paths inside it, as `params.relayLink`. */
export function decodeEnvelope(bytes: Uint8Array): Result<Envelope> {
  const json = parseJson(bytes);
  return json.ok ? codec.decode(json.value, '') : json;
}

/** Compact JSON. The size is the sender's to check: see limits. */
export function encodeEnvelope(envelope: EnvelopeDraft): Uint8Array {
  return encodeUtf8(JSON.stringify(codec.encode({ version: supportedVersions, ...envelope })));
}
