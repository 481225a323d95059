export { decodeBase64Url, encodeBase64Url } from './base64url';
export { encodeBatch, fitBatch, type BatchFit } from './batch';
export { decodeBody } from './body';
export {
  decodeElement,
  encodeElement,
  type Element,
  type ElementDraft,
  type ForwardedElement,
  type MessageElement,
  type OriginalElement,
} from './element';
export { decodeEnvelope, encodeEnvelope, type Envelope, type EnvelopeDraft } from './envelope';
export type { FileChunkElement } from './file-chunk';
export { encodeForward, type ForwardHeader, type ForwardSender } from './forwarded-element';
export { idBytes, identifier, memberKey, textId } from './identifier';
export { parseJson, type Json, type JsonObject } from './json';
export {
  batchElementHeaderLength,
  batchHeaderLength,
  maxBatchElements,
  maxBatchElementSize,
  maxEncodedInfoLength,
  maxEncodedMsgLength,
  maxForwardedNameLength,
} from './limits';
export {
  messages,
  messageTags,
  type KnownMessage,
  type Message,
  type MessageTag,
  type ParamsOf,
} from './messages';
export { messageContent, type MessageContent } from './messages/content';
export type { MessageSchema, RfcSteps, UnknownMessage } from './messages/message';
export type { OriginalMessage } from './messages/originals';
export {
  groupProfile,
  memberRole,
  profile,
  type GroupProfile,
  type MemberRole,
  type Profile,
} from './messages/profile';
export { failure, success, type Failure, type Issue, type Result, type Success } from './result';
export {
  array,
  boolean,
  bytes,
  dictionary,
  enumeration,
  integer,
  jsonObject,
  literal,
  object,
  openEnumeration,
  optional,
  string,
  unknownFields,
  variant,
  type Codec,
  type ObjectOf,
  type OptionalCodec,
  type TypeOf,
  type UnknownText,
  type WithUnknownFields,
} from './schema';
export { signedBytes, type SignatureBinding, type SignedElement } from './signed-element';
export { timestamp } from './timestamp';
export { initialVersions, supportedVersions, versionRange, type VersionRange } from './version-range';
