import { identifier } from '../identifier';
import {
  boolean,
  dictionary,
  integer,
  jsonObject,
  literal,
  newerWord,
  object,
  optional,
  string,
  variant,
  type TypeOf,
} from '../schema';
import { timestamp } from '../timestamp';
import { message } from './message';

/** What a person says. Content of a newer version still has a text to show. */
export const messageContent = variant(
  'type',
  {
    text: object({ type: literal('text'), text: string }),
    link: object({ type: literal('link'), text: string, preview: jsonObject }),
    image: object({ type: literal('image'), text: string, image: string }),
    video: object({ type: literal('video'), text: string, image: string, duration: integer }),
    voice: object({ type: literal('voice'), text: string, duration: integer }),
    file: object({ type: literal('file'), text: string }),
    report: object({ type: literal('report'), text: string, reason: string }),
    chat: object({
      type: literal('chat'),
      text: string,
      chatLink: jsonObject,
      ownerSig: optional(jsonObject),
    }),
  },
  object({ type: newerWord, text: string }),
);
export type MessageContent = TypeOf<typeof messageContent>;

const messageReference = object({
  msgId: optional(identifier),
  sentAt: timestamp,
  sent: boolean,
  memberId: optional(identifier),
});

export const newMessage = message({
  tag: 'x.msg.new',
  doc: 'A new message of the channel or of a member; relays forward it unread.',
  steps: { full: ['16'], paired: ['16'] },
  params: object({
    content: messageContent,
    mentions: optional(dictionary(object({ memberId: identifier }))),
    file: optional(object({ fileName: string, fileSize: integer })),
    ttl: optional(integer),
    live: optional(boolean),
    scope: optional(jsonObject),
    asGroup: optional(boolean),
    quote: optional(object({ msgRef: messageReference, content: messageContent })),
    parent: optional(messageReference),
    forward: optional(boolean),
  }),
  example: { content: { type: 'text', text: 'Good morning' }, asGroup: true },
});
