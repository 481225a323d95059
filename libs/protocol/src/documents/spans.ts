import { spans } from '../derive';
import { protocols } from '../protocols/protocols';
import { code, page, tableOf } from './markdown';
import { titleOf } from './steps';

/** The spans of each traced saga. */
export function spanCatalogue(): string {
  return page(
    '# Spans',
    'A traced saga is one distributed trace. These are the spans of one half of it when nothing has to be repeated: one per arriving arrow, one per command, one per SMP command at the server that it goes to. What is tried again has a span per try.',
    ...Object.entries(protocols).flatMap(([protocol, dialogues]) => [
      `## Protocol \`${protocol}\``,
      ...dialogues
        .filter(({ traced }) => traced)
        .flatMap((dialogue) => [
          `### ${titleOf(dialogue)}`,
          tableOf(
            ['step', 'span', 'process'],
            spans(dialogue).map(({ step, name, half }) => [
              step,
              code(name),
              half === 'smp' ? 'SMP server' : half,
            ]),
          ),
        ]),
    ]),
  );
}
