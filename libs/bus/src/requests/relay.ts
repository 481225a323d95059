import { z } from 'zod';
import { contracts } from '../contract';
import { count, link, relayName, requestOf, time } from './fields';

/** What relay-agent answers; the `*` is the relay's name. */
export const relayRequests = contracts('relay-agent', {
  'relay.*.address.get': {
    doc: "The relay's address, which owners put into their lists.",
    request: requestOf({}),
    reply: z.object({ relay: relayName, address: link }),
  },
  'relay.*.group.list': {
    doc: 'The channels that the relay serves, with its own status in each.',
    request: requestOf({}),
    reply: z.object({
      groups: z.array(
        z.object({
          groupLink: link,
          name: z.string().optional(),
          status: z.string(),
          relayLink: link.optional(),
          members: count,
          pendingDeliveries: count,
          /** of this status */
          since: time,
          reason: z.string().optional(),
        }),
      ),
    }),
  },
});
