import { recovering, statuses, waiting } from '../derive';
import type { AnyDialogue } from '../machine';
import { protocols } from '../protocols/protocols';
import { page } from './markdown';
import { titleOf } from './steps';

/** One state diagram per dialogue. */
export function states(): string {
  return page(
    '# States',
    ...Object.entries(protocols).flatMap(([protocol, dialogues]) => [
      `## Protocol \`${protocol}\``,
      ...dialogues.flatMap((dialogue) => [`### ${titleOf(dialogue)}`, diagram(dialogue)]),
    ]),
  );
}

function diagram(dialogue: AnyDialogue): string {
  const moves = dialogue.rows.flatMap(({ step, on, from, to }) =>
    from.map((status) => `  ${status === '-' ? '[*]' : status} --> ${to}: ${step} ${on}`),
  );
  const notes = statuses(dialogue).flatMap((status) => {
    if (waiting(dialogue).includes(status)) return [`  note right of ${status}: waits for the peer`];
    return recovering(dialogue).includes(status)
      ? [`  note right of ${status}: a command is outstanding`]
      : [];
  });
  const ends = dialogue.ends.map((status) => `  ${status} --> [*]`);
  return ['```mermaid', 'stateDiagram-v2', ...moves, ...ends, ...notes, '```'].join('\n');
}
