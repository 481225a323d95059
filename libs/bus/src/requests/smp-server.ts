import { COMMAND_KINDS, isSmpError } from '@chat-relays/smp';
import { z } from 'zod';
import { contracts } from '../contract';
import { count, requestOf, time } from './fields';

export const MAX_FAULT_MS = 3_600_000;
export const MAX_FAULT_COUNT = 1_000_000_000;
export const MAX_FAULT_SEED = 2 ** 32 - 1;

const milliseconds = z
  .int('a whole number of milliseconds is expected')
  .min(0, 'at least 0 ms')
  .max(MAX_FAULT_MS, `at most ${MAX_FAULT_MS} ms`);

const chance = {
  commands: z
    .union(
      [z.literal('all'), z.array(z.enum(COMMAND_KINDS)).min(1).readonly()],
      'commands are "all" or a list such as ["SEND", "ACK"]',
    )
    .default('all'),
  probability: z
    .number('a probability is expected')
    .min(0, 'a probability is 0 to 1')
    .max(1, 'a probability is 0 to 1')
    .optional(),
  /** the rule is gone after so many hits */
  count: z
    .int('a whole number is expected')
    .min(1, 'at least 1')
    .max(MAX_FAULT_COUNT, `at most ${MAX_FAULT_COUNT}`)
    .optional(),
  /** makes the hits of a probability the same in every run */
  seed: z
    .int('a seed is a whole number')
    .min(0, 'at least 0')
    .max(MAX_FAULT_SEED, `at most ${MAX_FAULT_SEED}`)
    .optional(),
};

const smpError = z
  .string('an SMP error is expected')
  .max(200, 'an SMP error of at most 200 characters is expected')
  .refine(
    (error) => isSmpError(error) && /^[!-:<-~]+( [!-:<-~]+)*$/.test(error),
    'an SMP error is expected, such as AUTH or CMD PROHIBITED',
  );

const rule = z.discriminatedUnion(
  'fault',
  [
    requestOf({ fault: z.literal('delay'), ms: milliseconds, ...chance }),
    requestOf({ fault: z.literal('drop'), ...chance }),
    requestOf({ fault: z.literal('drop-reply'), ...chance }),
    requestOf({ fault: z.literal('error'), error: smpError, ...chance }),
  ],
  'a fault is one of delay, drop, drop-reply and error',
);

/** What a server gets wrong on request; without anything: nothing. */
const faults = requestOf({
  rules: z.array(rule, 'a list of rules is expected').max(100, 'at most 100 rules').readonly().default([]),
  /** before every commit */
  slowStorageMs: milliseconds.optional(),
  refuseNew: z.boolean('true or false is expected').optional(),
  /** without `ms` until it is told to resume */
  pause: requestOf({ ms: milliseconds.optional() }).optional(),
});

const faultsSet = requestOf({
  text: z
    .string('a text is expected, such as "drop-reply SEND p=0.1"')
    .max(10_000, 'at most 10000 characters')
    .optional(),
  faults: faults.optional(),
}).refine(
  (request) => (request.text === undefined) !== (request.faults === undefined),
  'give either text or faults',
);

const faultsReply = z.object({
  /** as SMP_FAULTS and the request take them, less what counts have used up */
  text: z.string(),
  faults,
  paused: z.boolean(),
});

const entity = z
  .string('a sender or link id is expected')
  .regex(/^[A-Za-z0-9_-]{1,340}={0,2}$/, 'a sender or link id in base64url is expected');

const queue = z.object({
  /** base64url, as linkId */
  senderId: z.string(),
  linkId: z.string().optional(),
  /** `active`, `off`, or such as `blocked reason=spam` */
  status: z.string(),
  mode: z.enum(['M', 'C']).optional(),
  secured: z.boolean(),
  messages: count,
  subscribed: z.boolean(),
  /** midnight of the day of its last command */
  usedOn: time,
});

const none = requestOf({});

/** What smp-server answers to its operator; the `*` is the server's name, with `_` for each dot. */
export const smpServerRequests = contracts('smp-server', {
  'smp-server.*.status.get': {
    doc: 'How much the server holds.',
    request: none,
    reply: z.object({ queues: count, messages: count, subscriptions: count, sessions: count }),
  },
  'smp-server.*.faults.get': {
    doc: 'What the server gets wrong on request.',
    request: none,
    reply: faultsReply,
  },
  'smp-server.*.faults.set': {
    doc: 'What the server is to get wrong, instead of all that was set before, a pause among it: as text or as an object.',
    request: faultsSet,
    reply: faultsReply,
  },
  'smp-server.*.pause': {
    doc: 'Blocks are taken and not executed, for so many ms or until `resume`; what the operator asks is.',
    request: requestOf({ ms: milliseconds.optional() }),
    reply: faultsReply,
  },
  'smp-server.*.resume': {
    doc: 'Ends a pause; nothing that came meanwhile is lost.',
    request: none,
    reply: faultsReply,
  },
  'smp-server.*.queue.get': {
    doc: 'One queue, by its sender or link id.',
    request: requestOf({ id: entity }),
    reply: queue,
  },
  'smp-server.*.queue.block': {
    doc: 'From now on commands to the queue, but for OFF and DEL, are answered ERR BLOCKED with this reason.',
    request: requestOf({
      id: entity,
      reason: z.enum(['spam', 'content'], 'a reason is spam or content').default('spam'),
    }),
    reply: queue,
  },
  'smp-server.*.queue.unblock': {
    doc: 'The queue is active again, also one that was off before it was blocked.',
    request: requestOf({ id: entity }),
    reply: queue,
  },
  'smp-server.*.queue.delete': {
    doc: 'The queue is gone with its messages and its link; who is subscribed hears DELD.',
    request: requestOf({ id: entity }),
    reply: z.object({ messages: count }),
  },
});
