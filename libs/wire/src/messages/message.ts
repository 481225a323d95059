import type { JsonObject } from '../json';
import type { Codec, UnknownText } from '../schema';

/** The numbered arrows, by protocol, that a message travels on or answers. None: it belongs to no diagram. */
export interface RfcSteps {
  readonly full?: readonly string[];
  readonly pooled?: readonly string[];
  readonly paired?: readonly string[];
  /** removing a relay, in both scenarios */
  readonly remove?: readonly string[];
  /** a member asks a relay for what it sent before: ours, of no diagram */
  readonly history?: readonly string[];
}

/** All there is to know about one message: its type, its decoder, its encoder and its page of documentation. */
export interface MessageSchema<Tag extends string, Params> {
  readonly tag: Tag;
  readonly doc: string;
  readonly steps: RfcSteps;
  readonly params: Codec<Params>;
  readonly example: Params;
}

export function message<const Tag extends string, Params>(schema: {
  tag: Tag;
  doc: string;
  steps: RfcSteps;
  params: Codec<Params>;
  example: NoInfer<Params>;
}): MessageSchema<Tag, Params> {
  return schema;
}

/** Message type of a list of schemas, one member of the union per schema. */
export type MessageOf<Schema> =
  Schema extends MessageSchema<infer Tag, infer Params>
    ? { readonly event: Tag; readonly params: Params; readonly unknown?: undefined }
    : never;

/** A message of a newer version: not for us to read, kept for those who can. */
export interface UnknownMessage {
  readonly event: UnknownText;
  readonly params: JsonObject;
  readonly unknown: true;
}
