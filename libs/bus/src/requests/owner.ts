import { z } from 'zod';
import { contracts } from '../contract';
import {
  count,
  groupName,
  groupReference,
  link,
  ownerName,
  positions,
  protocol,
  relayName,
  requestOf,
  text,
  time,
} from './fields';

const relays = z
  .array(requestOf({ name: relayName, address: link }), 'a list of relays is expected')
  .max(100, 'at most 100 relays')
  .refine(
    (list) => new Set(list.map(({ name }) => name)).size === list.length,
    'two relays have the same name',
  )
  .refine(
    (list) => new Set(list.map(({ address }) => address)).size === list.length,
    'two relays have the same address',
  );

const relayList = z.object({
  relays: z.array(z.object({ position: z.int().min(1), name: relayName, address: link })),
});

const group = z.object({
  groupId: z.string(),
  name: groupName,
  status: z.string(),
  protocol: z.string(),
  groupLink: link.optional(),
  reason: z.string().optional(),
});

const groupRelays = z.object({
  relays: z.array(
    z.object({
      relay: relayName,
      status: z.string(),
      relayLink: link.optional(),
      attempt: count,
      /** of this status */
      since: time,
      /** only the relay can go on, and has not for STUCK_AFTER_MS */
      stuck: z.boolean(),
      reason: z.string().optional(),
    }),
  ),
});

const send = requestOf({
  owner: ownerName,
  group: groupReference,
  text: text.optional(),
  texts: z
    .array(text, 'a list of texts is expected')
    .min(1, 'no text is given')
    .max(100, 'at most 100 texts')
    .optional(),
})
  .refine(
    (request) => (request.text === undefined) !== (request.texts === undefined),
    'give either text or texts',
  )
  .transform(({ owner, group, text, texts }) => ({ owner, group, texts: texts ?? [text ?? ''] }));

/** What owner-agent answers. */
export const ownerRequests = contracts('owner-agent', {
  'owner.relays.set': {
    doc: "Replaces the owner's list of relays; groups keep the relays they have.",
    request: requestOf({ owner: ownerName, relays }),
    reply: relayList,
  },
  'owner.relays.get': {
    doc: "The owner's list of relays; groups choose from it by position.",
    request: requestOf({ owner: ownerName }),
    reply: relayList,
  },
  'owner.group.create': {
    doc: 'Steps 1 to 4: makes a channel with relays of the list. Answers at once; the group link follows.',
    request: requestOf({
      owner: ownerName,
      name: groupName,
      relays: positions,
      protocol: protocol.optional(),
    }),
    reply: group.omit({ name: true }),
  },
  'owner.group.retry': {
    doc: 'Begins a channel again that is broken, because it got no link: the same channel, with the same relays.',
    request: requestOf({ owner: ownerName, group: groupReference }),
    reply: group,
  },
  'owner.group.list': {
    doc: "The owner's channels.",
    request: requestOf({ owner: ownerName }),
    reply: z.object({ groups: z.array(group) }),
  },
  'owner.group.get': {
    doc: 'One channel, by name or id.',
    request: requestOf({ owner: ownerName, group: groupReference }),
    reply: group,
  },
  'owner.group.relays.add': {
    doc: 'Step 4 again: adds relays of the list to a channel. Answers at once; statuses follow. A relay has one name (exists).',
    request: requestOf({ owner: ownerName, group: groupReference, relays: positions }),
    reply: groupRelays,
  },
  'owner.group.relays.remove': {
    doc: 'Removes a relay, or stops adding it: told, taken off the link. The last one (last_relay) only with force.',
    request: requestOf({
      owner: ownerName,
      group: groupReference,
      relay: relayName,
      force: z.boolean('true or false is expected').default(false),
    }),
    reply: groupRelays,
  },
  'owner.group.relays.retry': {
    doc: 'Adds a relay that is silent or broken from the start again; late answers of before count no more.',
    request: requestOf({ owner: ownerName, group: groupReference, relay: relayName }),
    reply: groupRelays,
  },
  'owner.group.relays.get': {
    doc: 'How far each relay of a channel is.',
    request: requestOf({ owner: ownerName, group: groupReference }),
    reply: groupRelays,
  },
  'owner.message.send': {
    doc: 'Step 16: sends a text, or several in order, to every confirmed relay of a channel.',
    request: send,
    reply: z.object({ messageIds: z.array(z.string()), relays: z.array(relayName) }),
  },
});
