import { envelopeOf, type Envelope } from '../envelope-codec';
import { identifier } from '../identifier';
import { failure, fieldPath } from '../result';
import { object, optional, string, type Codec } from '../schema';
import { timestamp } from '../timestamp';
import { supportedVersions } from '../version-range';
import { newMessage } from './content';
import { exampleMessageId, exampleOwnerId } from './examples';
import { message } from './message';
import { originalMessages, type OriginalMessage } from './originals';

const tag = 'x.grp.msg.forward';
const originalEnvelope = envelopeOf<OriginalMessage>(originalMessages);

/** A forward in a forward is refused, as a nested forwarded element is: a relay forwards what an author sent. */
const forwardedEnvelope: Codec<Envelope<OriginalMessage>> = {
  decode(json, path) {
    const envelope = originalEnvelope.decode(json, path);
    if (!envelope.ok) return envelope;
    const event: string = envelope.value.message.event;
    return event === tag
      ? failure(fieldPath(path, 'event'), 'nested forward messages not supported')
      : envelope;
  },
  encode: (envelope) => originalEnvelope.encode(envelope),
};

export const groupMessageForward = message({
  tag,
  doc: 'A relay forwards history to a new member; without memberId it is from the channel. Live messages travel as elements.',
  steps: { full: ['17'], paired: ['17'] },
  params: object({
    memberId: optional(identifier),
    memberName: optional(string),
    msg: forwardedEnvelope,
    msgTs: timestamp,
  }),
  example: {
    memberId: exampleOwnerId,
    memberName: 'alice',
    msg: {
      version: supportedVersions,
      msgId: exampleMessageId,
      message: { event: newMessage.tag, params: newMessage.example },
    },
    msgTs: '2025-10-20T08:00:00.5Z',
  },
});
