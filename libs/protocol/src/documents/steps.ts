import { recovering, waiting } from '../derive';
import type { AnyDialogue } from '../machine';
import { protocols } from '../protocols/protocols';
import type { Arrow } from './arrow';
import { code, page, tableOf } from './markdown';

/** Every row of every table, with the RFC's own words beside it. */
export function steps(arrows: readonly Arrow[]): string {
  return page(
    '# Steps',
    'Every arriving arrow of the RFC is a row: the event, the statuses in which it is accepted, the status that it leads to, and the commands that it sets off. A guarded row fires only when what the event says is right; otherwise the next row for it does, or none. Step `0` is before the diagrams, step `x` is a command that failed for good or something that is tried again. Steps with the name of another diagram are of that one.',
    ...Object.entries(protocols).flatMap(([protocol, dialogues]) => [
      `## Protocol \`${protocol}\``,
      ...dialogues.flatMap((dialogue) => section(dialogue, protocol, arrows)),
    ]),
  );
}

function section(dialogue: AnyDialogue, protocol: string, arrows: readonly Arrow[]): string[] {
  const sentence = new Map(
    arrows.filter(({ diagram }) => diagram === protocol).map(({ step, text }) => [step, text]),
  );
  const rows = dialogue.rows.map((row) => [
    row.step,
    code(row.on) + (row.of === undefined ? '' : ` of ${row.of}`) + (row.when ? ', guarded' : ''),
    row.from.map((status) => (status === '-' ? 'no record' : status)).join(', '),
    row.to,
    (row.ask ?? []).map(({ step, kind }) => `${step} ${kind}`).join(', '),
    (row.ask ?? []).flatMap(({ send }) => (send === undefined ? [] : code(send))).join(', '),
    sentence.get(row.step) ?? '',
  ]);
  const list = (statuses: readonly string[]): string => statuses.join(', ') || 'none';
  return [
    `### ${titleOf(dialogue)}`,
    tableOf(['step', 'event', 'from', 'to', 'command', 'message', 'RFC'], rows),
    [
      `- ends: ${list(dialogue.ends)}`,
      `- waits for the peer in: ${list(waiting(dialogue))}`,
      `- goes on by itself after a restart in: ${list(recovering(dialogue))}`,
    ].join('\n'),
  ];
}

export function titleOf({ name, half, noun }: AnyDialogue): string {
  return `${name}, ${half} (\`${noun}\`)`;
}
