import {
  decodeBody,
  type Element,
  encodeForward,
  type ForwardedElement,
  maxBatchElementSize,
  type MessageElement,
  type SignedElement,
  textId,
} from '@chat-relays/wire';
import { isRequest } from '@chat-relays/protocol';
import type { ReceiveQueue } from '../commands/command';
import type { Input } from './input';
import type { Observation } from '../observation';
import type { Delivered } from '../sealing/opener';

/** A post for a relay to forward, or a forwarded one for a member to keep. */
export interface Content {
  readonly queue: ReceiveQueue;
  /** base64url member id, or `channel` where the owner is hidden */
  readonly author: string;
  readonly messageId: string;
  /** the original element, exact bytes */
  readonly body: Uint8Array;
  /** unix seconds */
  readonly time: number;
}

export interface Routed {
  readonly inputs: Input[];
  readonly posts: Content[];
  readonly forwards: Content[];
  readonly refusals: Extract<Observation, { what: 'refused' }>[];
}

/**
 * What a message is for: a request on a contact queue, an event for the record of a connection, or content. What says
 * nothing to us is refused with place and reason; it is acknowledged all the same, or it would come for ever.
 */
export function route(queue: ReceiveQueue, delivered: Delivered): Routed {
  const routed: Routed = { inputs: [], posts: [], forwards: [], refusals: [] };
  const refuse = (where: string, reason: string): void => {
    routed.refusals.push({ what: 'refused', purpose: queue.purpose, where, reason });
  };
  const origin: Origin = { queue, delivered };
  const elements = decodeBody(delivered.body);
  if (delivered.kind === 'invitation' && elements.length > 1) {
    // each would be a record, with a queue of ours: 255 for one message of a stranger
    refuse('contact request', `one message is expected, not ${elements.length}`);
    return routed;
  }
  for (const [index, element] of elements.entries()) {
    const place = `element ${index}`;
    const reason = element.ok
      ? take(element.value, origin, routed)
      : element.issues.map((issue) => `${issue.path || 'bytes'}: ${issue.message}`).join('; ');
    if (reason !== undefined) refuse(place, reason);
  }
  return routed;
}

/** A longer post could not go to members as one element: every member's queue would refuse it, and all that follows. */
const longestPost = maxBatchElementSize - encodeForward({ kind: 'channel' }, 0, new Uint8Array(0)).length;

interface Origin {
  readonly queue: ReceiveQueue;
  readonly delivered: Delivered;
}

/** Answers why the element is refused, if it is. */
function take(element: Element, origin: Origin, routed: Routed): string | undefined {
  const { queue } = origin;
  if (element.kind === 'forwarded' && queue.noun === 'member_connection') {
    if (saysRemoved(element)) {
      routed.inputs.push(inputOf(element.element, origin));
      return undefined;
    }
    return keep(element.element, authorOf(element), element.timeSeconds, origin, routed.forwards);
  }
  if (element.kind !== 'message' && element.kind !== 'signed')
    return `a ${element.kind} element does not belong on a queue of a ${queue.noun}`;
  const { event } = element.envelope.message;
  if (queue.purpose === 'connection' && isRequest(event))
    return `${event}: a request does not belong on a connection`;
  if (element.kind === 'message' && isPost(element, queue)) {
    if (element.bytes.length > longestPost) return `x.msg.new: longer than ${longestPost} bytes`;
    return keep(element, 'channel', origin.delivered.timestamp, origin, routed.posts);
  }
  routed.inputs.push(inputOf(element, origin));
  return undefined;
}

function keep(
  element: ForwardedElement['element'],
  author: string,
  time: number,
  { queue }: Origin,
  into: Content[],
): string | undefined {
  if (element.kind !== 'message') return `a forwarded ${element.kind} element is not supported`;
  const { msgId, message } = element.envelope;
  if (message.event !== 'x.msg.new') return `x.grp.msg.forward: unsupported forwarded event ${message.event}`;
  if (!msgId) return 'msgId: a message without an id cannot be deduplicated';
  into.push({ queue, author, messageId: textId(msgId), body: element.bytes, time });
  return undefined;
}

function authorOf({ sender }: ForwardedElement): string {
  return sender.kind === 'channel' ? 'channel' : textId(sender.memberId);
}

/** Where there are two connections, messages come on the second. */
function isPost({ envelope }: MessageElement, { noun, protocol, purpose }: ReceiveQueue): boolean {
  const takesPosts = noun === (protocol === 'paired' ? 'owner_connection' : 'relay_own');
  return takesPosts && purpose === 'connection' && envelope.message.event === 'x.msg.new';
}

/** A relay says so of itself to its members, in the way in which it forwards. */
function saysRemoved(
  forwarded: ForwardedElement,
): forwarded is ForwardedElement & { readonly element: MessageElement } {
  const { element } = forwarded;
  return element.kind === 'message' && element.envelope.message.event === 'x.grp.mem.del';
}

function inputOf(element: MessageElement | SignedElement, { queue, delivered }: Origin): Input {
  const { event, params } = element.envelope.message;
  const { noun, id, identity, protocol, purpose, attempt } = queue;
  const { trace, peer } = delivered;
  const ref = { noun, id };
  if (purpose !== 'connection') {
    const signed = element.kind === 'signed' ? element : undefined;
    return { ref, knock: { purpose, event, params, ...(signed && { signed }) }, peer: peer!, trace };
  }
  return { ref, identity, protocol, event: { name: event, facts: params }, attempt, peer, trace };
}
