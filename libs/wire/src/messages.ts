import { groupMessageForward } from './messages/forward';
import type { MessageOf, UnknownMessage } from './messages/message';
import { originalMessages } from './messages/originals';

/** All messages that we speak; types, decoders, encoders, examples and documentation come from this list. */
export const messages = [...originalMessages, groupMessageForward] as const;

export type KnownMessage = MessageOf<(typeof messages)[number]>;
export type Message = KnownMessage | UnknownMessage;

export type MessageTag = KnownMessage['event'];
export type ParamsOf<Tag extends MessageTag> = Extract<KnownMessage, { event: Tag }>['params'];

export const messageTags: readonly MessageTag[] = messages.map((schema) => schema.tag);
