import { commands, replies } from './commands';
import type { AnyDialogue, Ask } from './machine';

/** Everything here is read off the rows: no list of statuses, spans or steps is kept anywhere else. */

export function statuses(dialogue: AnyDialogue): string[] {
  return [...new Set(dialogue.rows.flatMap((row) => [...row.from, row.to]))].filter(
    (status) => status !== '-',
  );
}

/** Of what brings a record into this status; what it asks while it stays there is not what it is there for. */
function asksInto(dialogue: AnyDialogue, status: string): Ask[] {
  return dialogue.rows
    .filter((row) => row.to === status && !row.from.includes(status))
    .flatMap((row) => row.ask ?? []);
}

/** The agent itself has something to do: a command of its own is outstanding, or a worker is at it. */
function hasWork(dialogue: AnyDialogue, status: string): boolean {
  if (dialogue.works?.includes(status)) return true;
  return asksInto(dialogue, status).some(({ kind, step }) =>
    dialogue.rows.some(
      (row) => row.from.includes(status) && row.on === replies[kind] && (row.of ?? row.step) === step,
    ),
  );
}

/** Statuses that a restart continues by itself, because this agent has something to do in them. */
export function recovering(dialogue: AnyDialogue): string[] {
  return statuses(dialogue).filter((status) => !dialogue.ends.includes(status) && hasWork(dialogue, status));
}

/** Statuses in which only the peer can go on: where a saga is stuck when the peer is silent. */
export function waiting(dialogue: AnyDialogue): string[] {
  return statuses(dialogue).filter((status) => !dialogue.ends.includes(status) && !hasWork(dialogue, status));
}

export interface Span {
  readonly name: string;
  readonly half: 'owner' | 'relay' | 'member' | 'smp';
  readonly step: string;
}

/**
 * The spans of one traced saga's half, when nothing is repeated or refused: one per arriving arrow (whether it moved the
 * record or came late), one per command, one per SMP command at the server it goes to.
 */
export function spans(dialogue: AnyDialogue): Span[] {
  const rows = dialogue.rows.filter(isStraight);
  const arrivals = rows.map((row) => ({
    name: spanName(dialogue, row.step, row.on),
    half: dialogue.half,
    step: row.step,
  }));
  const asked = straightAsks(dialogue).flatMap((ask) => [
    { name: spanName(dialogue, ask.step, ask.kind), half: dialogue.half, step: ask.step },
    ...commands[ask.kind].smp.map(({ command }) => ({
      name: `smp ${command}`,
      half: 'smp' as const,
      step: ask.step,
    })),
  ]);
  const seen = new Set<string>();
  return [...arrivals, ...asked].filter(({ name, half }) => {
    if (half === 'smp') return true;
    return !seen.has(name) && seen.add(name);
  });
}

/** What one saga's half asks for when nothing is repeated or refused; rows that ask the same thing are two ways to it. */
export function straightAsks({ rows }: AnyDialogue): Ask[] {
  const asks = rows.filter(isStraight).flatMap((row) => row.ask ?? []);
  const isFirst = (ask: Ask, at: number): boolean =>
    asks.findIndex(({ step, kind, send }) => step === ask.step && kind === ask.kind && send === ask.send) ===
    at;
  return asks.filter(isFirst);
}

/** On the way that the diagram draws: numbered, not again, and towards no end that a saga does not want. */
export function isStraight({ step, on, again, ask, from, to }: AnyDialogue['rows'][number]): boolean {
  const drawn = /^\d+[a-z]?$/.test(step) && on !== 'ERR';
  const stays = ask !== undefined && from.includes(to);
  return drawn && !again && !stays && to !== 'Broken';
}

export function spanName(dialogue: { readonly name: string }, step: string, what: string): string {
  return `${dialogue.name} ${step} ${what}`;
}

/** Its records have queues of their own, one or more for each attempt. */
export function connects({ rows }: AnyDialogue): boolean {
  return rows.some(({ ask }) => ask?.some(({ kind }) => kind === 'JOIN' || kind === 'ACPT'));
}

/** A record comes into this status by deleting its queues. */
export function hasDeleted({ rows }: AnyDialogue, status: string): boolean {
  return rows.some(({ to, ask }) => to === status && ask?.some(({ kind }) => kind === 'DEL'));
}
