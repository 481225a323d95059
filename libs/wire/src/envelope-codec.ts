import { identifier } from './identifier';
import type { Json } from './json';
import type { MessageSchema } from './messages/message';
import { failure, fieldPath, success } from './result';
import { jsonObject, object, optional, unknownFields, type Codec, type WithUnknownFields } from './schema';
import { initialVersions, versionRange, type VersionRange } from './version-range';

/** A message with what travels beside it. `msgId` is absent from messages that ride on a connection request. */
export interface Envelope<M> extends WithUnknownFields {
  readonly version: VersionRange;
  readonly msgId?: Uint8Array;
  readonly message: M;
}

const eventTag: Codec<string> = {
  decode: (json, path) =>
    typeof json === 'string' && json.startsWith('x')
      ? success(json)
      : failure(path, 'expected a tag that starts with x'),
  encode: (tag) => tag,
};

/** Passed to the codec that the tag chooses. */
const undecoded: Codec<unknown> = { decode: (json) => success(json), encode: (json) => json as Json };

const fields = object({
  v: optional(versionRange),
  msgId: optional(identifier),
  event: eventTag,
  params: undecoded,
});

/** The codec of envelopes around these messages; `M` is their union with UnknownMessage. */
export function envelopeOf<M extends { event: string; params: object; unknown?: true }>(
  schemas: readonly MessageSchema<string, object>[],
): Codec<Envelope<M>> {
  const known = new Map<string, Codec<object>>(schemas.map(({ tag, params }) => [tag, params]));
  return {
    decode(json, path) {
      const decoded = fields.decode(json, path);
      if (!decoded.ok) return decoded;
      const { v: version = initialVersions, event, params: undecodedParams, ...rest } = decoded.value;
      const codec = known.get(event);
      const params = (codec ?? jsonObject).decode(undecodedParams, fieldPath(path, 'params'));
      if (!params.ok) return params;
      const message = { event, params: params.value, ...(codec ? undefined : { unknown: true }) };
      return success({ version, ...rest, message: message as unknown as M });
    },
    encode({ version, msgId, message, [unknownFields]: rest }) {
      const { event, params } = message;
      const encodedParams = known.get(event)?.encode(params) ?? params;
      return fields.encode({ v: version, msgId, event, params: encodedParams, [unknownFields]: rest });
    },
  };
}
