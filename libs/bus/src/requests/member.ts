import { z } from 'zod';
import { contracts } from '../contract';
import {
  count,
  countByStatus,
  cursor,
  groupReference,
  link,
  memberName,
  pageSize,
  requestOf,
  time,
} from './fields';

const members = z
  .array(memberName, 'a list of member names is expected')
  .min(1, 'name at least one member')
  .max(1_000, 'at most 1000 members at a time')
  .refine((list) => new Set(list).size === list.length, 'a member is named twice');

const oneGroup = { link: link.optional(), group: groupReference.optional(), member: memberName };
const isOneGroup = (request: { link?: string; group?: string }): boolean =>
  (request.link === undefined) !== (request.group === undefined);
const giveOne = 'give either link or group';

const messagesOf = requestOf({ ...oneGroup, after: cursor, limit: pageSize(1_000, 100) }).refine(
  isOneGroup,
  giveOne,
);

const divergencesOf = requestOf({
  ...oneGroup,
  messageId: z.string('a message id is expected').max(100, 'a message id is expected').optional(),
  after: cursor,
  limit: pageSize(100, 30),
}).refine(isOneGroup, giveOne);

const gapsOf = requestOf({ ...oneGroup, after: cursor, limit: pageSize(1_000, 100) }).refine(
  isOneGroup,
  giveOne,
);

/** as a relay brought it */
const copy = { relayLink: link, text: z.string(), receivedAt: time };

/** What member-agent answers. */
export const memberRequests = contracts('member-agent', {
  'member.join': {
    doc:
      'Steps 14 and 15 for each member. Those that joined before look which relays there are; with "anew" they make their ' +
      'connections anew, also those that seem to work, and lose what they have not read of them but the last 100 messages.',
    request: requestOf({ link, members, anew: z.boolean().optional() }),
    reply: z.object({ started: count, known: count }),
  },
  'member.group.list': {
    doc: 'The channels that members joined, of all members or of one.',
    request: requestOf({ member: memberName.optional() }),
    reply: z.object({
      groups: z.array(z.object({ link, name: z.string().optional(), members: count, messages: count })),
    }),
  },
  'member.group.status': {
    doc: 'How far the members of one channel are, and what they got.',
    request: requestOf({ link }),
    reply: z.object({
      name: z.string().optional(),
      members: count,
      membersByStatus: countByStatus,
      connectionsByStatus: countByStatus,
      /** by all members together, each message once per member */
      received: count,
      /** step 18: dropped */
      duplicates: count,
    }),
  },
  'member.message.list': {
    doc: 'What one member got in one channel, in order.',
    request: messagesOf,
    reply: z.object({
      messages: z.array(
        z.object({
          position: count,
          messageId: z.string(),
          ...copy,
          /** a second relay brought the same bytes to a member of this agent */
          corroborated: z.boolean(),
          /** copies that say otherwise, of `member.divergence.list` */
          divergences: count,
        }),
      ),
      /** how many the member is connected to: with one there is nobody to corroborate */
      relays: count,
      /** the next page's `after`; null when this page is the last for now */
      next: count.nullable(),
    }),
  },
  'member.divergence.list': {
    doc: 'What relays said to one member of one channel otherwise than the copy that came first, of all messages or of one.',
    request: divergencesOf,
    reply: z.object({
      divergences: z.array(
        z.object({ position: count, messageId: z.string(), ...copy, first: z.object(copy) }),
      ),
      next: count.nullable(),
    }),
  },
  'member.gap.list': {
    doc: 'What relays numbered for one member of one channel and never came: SMP servers lost it, or the queue, or it was waited for too long.',
    request: gapsOf,
    reply: z.object({
      gaps: z.array(
        z.object({
          position: count,
          relayLink: link,
          /** numbers; each is a message of the relay, which may have carried several of the channel */
          from: count,
          /** nobody knows how many where the queue itself was lost: all that was sent there after `after` */
          to: count.optional(),
          /** of the SMP server: of the last message before them, where that is known, and of the first after them */
          after: time.optional(),
          before: time,
          noticedAt: time,
          /** other relays that the member was connected to all that time and is now, of which nothing is missing in it */
          others: count,
        }),
      ),
      next: count.nullable(),
      /** relays can be asked for what they sent last: `member.history.ask` */
      canAsk: z.boolean(),
    }),
  },
  'member.history.ask': {
    doc: 'One member asks its relays of one channel for their last messages, at most 100 of each; what it has is dropped when it comes again. Only channels of the protocol paired have connections for this.',
    request: requestOf(oneGroup).refine(isOneGroup, giveOne),
    reply: z.object({
      /** relays that are asked */
      relays: count,
    }),
  },
  'member.delivery.list': {
    doc: 'Who got what when, in compact rows, for load tests: [member, message id, received at (ms), position in its list].',
    request: requestOf({ link, after: cursor, limit: pageSize(5_000, 1_000) }),
    reply: z.object({
      rows: z.array(z.tuple([memberName, z.string(), time, count])),
      next: count.nullable(),
    }),
  },
});
