import { z } from 'zod';

/**
 * What an agent tells of its records, one subject for each noun: `events.owner.group_relay`. It is told after the commit,
 * on core NATS, to whoever listens: an event that nobody heard is lost, and the record says what became of it.
 */
export const statusSubject = (half: string, noun: string): string => `events.${half}.${noun}`;

export const everyStatus = statusSubject('*', '*');

export const statusEvent = z.object({
  /** unix ms, just after the commit */
  time: z.number(),
  protocol: z.string(),
  noun: z.string(),
  id: z.string(),
  /** the owner, relay or member whose record it is */
  identity: z.string(),
  /** what moved the record; `stuck` when nothing has for too long: then from and to are the same */
  event: z.string(),
  /** of the RFC, or the table's own; a stuck record has none */
  step: z.string().optional(),
  /** `-` for a record that begins */
  from: z.string(),
  to: z.string(),
  reason: z.string().optional(),
  /** the owner's id of the group, or the group's link where the record knows only that */
  group: z.string().optional(),
  /** of a stuck record: unix ms of its status */
  since: z.number().optional(),
});

export type StatusEvent = z.infer<typeof statusEvent>;

/** One NATS message: events of one noun, in order. */
export const statusEvents = z.object({ events: z.array(statusEvent) });
