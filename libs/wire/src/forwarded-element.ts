import { frame, int64, shortLength } from './byte-frame';
import { ByteReader } from './byte-reader';
import { maxForwardedNameLength } from './limits';
import { failure, success, type Result } from './result';
import { decodeUtf8, encodeUtf8 } from './utf8';

/** Who a relay says is the author: a member, or the channel when the author is not to be known. */
export type ForwardSender =
  | { readonly kind: 'member'; readonly memberId: Uint8Array; readonly memberName: string }
  | { readonly kind: 'channel' };

export interface ForwardHeader {
  readonly sender: ForwardSender;
  /** When the relay received it: unix seconds. */
  readonly timeSeconds: number;
}

export interface Forwarded<Original> extends ForwardHeader {
  readonly kind: 'forwarded';
  readonly bytes: Uint8Array;
  /** What the author sent, with its exact bytes. */
  readonly element: Original;
}

export const forwardedPrefix = 0x3e; // ">"
const memberSender = 0x4d; // "M"
const channelSender = 0x43; // "C"

/** `>` sender time element, where the element is one that an author sends: not `>`. */
export function decodeForwarded<Original>(
  bytes: Uint8Array,
  decodeOriginal: (bytes: Uint8Array) => Result<Original>,
): Result<Forwarded<Original>> {
  const reader = new ByteReader(bytes, 1);
  const sender = readSender(reader);
  const timeSeconds = reader.int64('timeSeconds');
  const original = reader.rest();
  if (reader.failed) return reader.failed;
  if (original[0] === forwardedPrefix) return failure('element', 'nested forward elements not supported');
  const element = decodeOriginal(original);
  return element.ok
    ? success({ kind: 'forwarded', bytes, sender, timeSeconds, element: element.value })
    : element;
}

/** What a relay sends for an element that it received; `element` is copied once and never read. */
export function encodeForward(sender: ForwardSender, timeSeconds: number, element: Uint8Array): Uint8Array {
  if (sender.kind === 'channel') return frame(forwardedPrefix, channelSender, int64(timeSeconds), element);
  const { memberId } = sender;
  const name = encodeUtf8(shortened(sender.memberName));
  return frame(
    forwardedPrefix,
    memberSender,
    shortLength(memberId),
    memberId,
    shortLength(name),
    name,
    int64(timeSeconds),
    element,
  );
}

function readSender(reader: ByteReader): ForwardSender {
  const kind = reader.byte('sender');
  if (kind === channelSender) return { kind: 'channel' };
  if (kind !== memberSender) reader.refuse('sender', 'expected M or C');
  const memberId = reader.short('sender.memberId');
  if (memberId.length === 0) reader.refuse('sender.memberId', 'expected 1 to 255 bytes');
  const memberName = decodeUtf8(reader.short('sender.memberName'));
  if (memberName === undefined) reader.refuse('sender.memberName', 'invalid UTF-8');
  return { kind: 'member', memberId, memberName: memberName ?? '' };
}

/** By characters, not by UTF-16 units: a cut never splits one. A name that was shortened before stays as it is. */
function shortened(name: string): string {
  const characters = Array.from(name);
  if (characters.length <= maxForwardedNameLength) return name;
  return `${characters.slice(0, maxForwardedNameLength).join('')}…`;
}
