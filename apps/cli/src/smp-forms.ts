import { Mistake } from './command';
import type { Form } from './form';
import { oneWord, shown, twoWords } from './words';

const MS = { ms: 1, s: 1_000 } as const;

/** Commands to SMP servers, for whoever operates or breaks them. */
export const smpForms: readonly Form[] = [
  {
    names: ['/smp show'],
    takes: '<server>',
    does: 'how much an SMP server holds, and what it gets wrong on request',
    read: (rest) => ({ kind: 'smp show', server: serverName(oneWord(rest, 'the name of an SMP server')) }),
  },
  {
    names: ['/smp faults'],
    takes: '<server> drop-reply SEND p=0.1; delay SUB 50ms; …',
    does: 'what it is to get wrong from now on, instead of all before; in a shell, in quotes',
    read: (rest) => {
      const { server, text } = serverAndText(rest);
      if (!text)
        throw new Mistake('faults are expected, such as "drop SEND n=3"; "/smp clear" takes them away');
      return { kind: 'smp faults', server, text };
    },
  },
  {
    names: ['/smp clear'],
    takes: '<server>',
    does: 'no faults any more, and no pause',
    read: (rest) => ({
      kind: 'smp faults',
      server: serverName(oneWord(rest, 'the name of an SMP server')),
      text: '',
    }),
  },
  {
    names: ['/smp pause'],
    takes: '<server> [2s]',
    does: 'takes blocks and executes none, for so long or until it resumes',
    read: (rest) => {
      const { server, text } = serverAndText(rest);
      return { kind: 'smp pause', server, ...(text && { ms: milliseconds(text) }) };
    },
  },
  {
    names: ['/smp resume'],
    takes: '<server>',
    does: 'executes what came during a pause',
    read: (rest) => ({ kind: 'smp resume', server: serverName(oneWord(rest, 'the name of an SMP server')) }),
  },
  {
    names: ['/smp queue'],
    takes: '<server> <sender or link id>',
    does: 'the status of a queue',
    read: (rest) => ({ kind: 'smp queue', ...serverAndId(rest) }),
  },
  {
    names: ['/smp block'],
    takes: '<server> <sender or link id> [reason=content]',
    does: 'answers commands to the queue BLOCKED, for spam or content',
    read: (rest) => {
      const [, before, reason] = /^(.*\S)\s+reason=(\S*)$/.exec(rest) ?? ['', rest, 'spam'];
      if (reason !== 'spam' && reason !== 'content')
        throw new Mistake(`reason=spam or reason=content is expected, not "reason=${shown(reason ?? '')}"`);
      return { kind: 'smp block', ...serverAndId(before ?? ''), reason };
    },
  },
  {
    names: ['/smp unblock'],
    takes: '<server> <sender or link id>',
    does: 'makes a blocked queue active again',
    read: (rest) => ({ kind: 'smp unblock', ...serverAndId(rest) }),
  },
  {
    names: ['/smp delete'],
    takes: '<server> <sender or link id>',
    does: 'deletes a queue with its messages and its link',
    read: (rest) => ({ kind: 'smp delete', ...serverAndId(rest) }),
  },
];

function serverName(word: string): string {
  if (/^[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*$/.test(word)) return word;
  throw new Mistake(`the host name of an SMP server is expected, not "${shown(word)}"`);
}

function serverAndText(rest: string): { server: string; text: string } {
  const [server = '', ...words] = rest.split(/\s+/);
  if (!server) throw new Mistake('the name of an SMP server is expected');
  return { server: serverName(server), text: words.join(' ') };
}

function serverAndId(rest: string): { server: string; id: string } {
  const [server, id] = twoWords(rest, 'the name of an SMP server and then a sender or link id');
  return { server: serverName(server), id };
}

function milliseconds(text: string): number {
  const [, amount, unit] = /^(\d{1,7})(ms|s)$/.exec(text) ?? [];
  if (amount === undefined)
    throw new Mistake(`a time is expected, such as 500ms or 2s, not "${shown(text)}"`);
  return Number(amount) * MS[unit as keyof typeof MS];
}
