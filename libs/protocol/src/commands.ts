/**
 * What an agent asks SMP servers to do, the reply event that each command ends in, and the SMP commands that it
 * is made of, in order. `own` is the asking agent's SMP server, `peer` the one of the queue or link it aims at.
 */
export const commands = {
  /** creates a contact queue with its short link */
  NEW: { reply: 'INV', smp: [{ command: 'NEW', at: 'own' }] },
  /** a ready link of the pool; ERR when there is none */
  TAKE: { reply: 'INV', smp: [] },
  /** connects through a short link: reads it, creates a receive queue, sends the contact request */
  JOIN: {
    reply: 'JOINED',
    smp: [
      { command: 'LGET', at: 'peer' },
      { command: 'NEW', at: 'own' },
      { command: 'SEND', at: 'peer' },
    ],
  },
  /** accepts a contact request: secures the peer's queue, creates the reply queue, sends the confirmation */
  ACPT: {
    reply: 'SENT',
    smp: [
      { command: 'SKEY', at: 'peer' },
      { command: 'NEW', at: 'own' },
      { command: 'SEND', at: 'peer' },
    ],
  },
  /** allows the connection that was confirmed: secures the reply queue, sends the first message there */
  LET: {
    reply: 'CON',
    smp: [
      { command: 'SKEY', at: 'peer' },
      { command: 'SEND', at: 'peer' },
    ],
  },
  /** sends a member as much as fits one message of what the relay forwarded last; the reply says what is left of it */
  HIST: { reply: 'SENT', smp: [{ command: 'SEND', at: 'peer' }] },
  SEND: { reply: 'SENT', smp: [{ command: 'SEND', at: 'peer' }] },
  /** writes a link's user data; bound to the listed relays when it executes */
  LSET: { reply: 'LINK', smp: [{ command: 'LSET', at: 'own' }] },
  LGET: { reply: 'LDATA', smp: [{ command: 'LGET', at: 'peer' }] },
  /** deletes a page of what a relay has of former members, queues and records; the reply says whether there is more */
  CLEAN: { reply: 'CLEANED', smp: [{ command: 'DEL', at: 'own' }] },
  /** deletes the queues of a record, and its link with them */
  DEL: { reply: 'DELETED', smp: [{ command: 'DEL', at: 'own' }] },
} as const;

export type CommandKind = keyof typeof commands;

export type ReplyName = (typeof commands)[CommandKind]['reply'] | 'ERR';

export const replies = Object.fromEntries(
  Object.entries(commands).map(([kind, { reply }]) => [kind, reply]),
) as { readonly [Kind in CommandKind]: (typeof commands)[Kind]['reply'] };
