import { type AnyDialogue, type ProtocolName, protocols } from '@chat-relays/protocol';
import { type FaultPlan, noFaults } from '../faults/faults';
import { run } from '../runs/run';
import { storiesOf } from '../stories/stories';

export interface DeletableRow {
  readonly dialogue: AnyDialogue;
  readonly row: AnyDialogue['rows'][number];
  readonly title: string;
}

/** The rows of a protocol, those of dialogues that it shares with `full` excepted: they are judged there. */
export function deletableRows(protocol: ProtocolName): DeletableRow[] {
  const dialogues = protocols[protocol].filter(
    (dialogue) => protocol === 'full' || !protocols.full.includes(dialogue),
  );
  return dialogues.flatMap((dialogue) =>
    dialogue.rows.map((row) => ({
      dialogue,
      row,
      title: `${dialogue.half} ${row.step} ${row.on}${row.of ? ` of ${row.of}` : ''}: ${row.from.join(', ')} -> ${row.to}`,
    })),
  );
}

/** What notices that something is wrong with the tables: the stories, runs without faults, runs with them. */
export async function complaint(
  protocol: ProtocolName,
  points: ReadonlyMap<string, number>,
): Promise<string | undefined> {
  try {
    const calm = { seed: 1, protocol, relays: 1, members: 3, messages: 1, faults: noFaults } as const;
    const { problems } = await run(calm);
    if (problems.length > 0) return problems[0];
    for (const story of storiesOf(protocol)) await story.tell(protocol);
    for (const faults of wrongs(points)) {
      for (const impatient of [false, true]) {
        const result = await run({ ...calm, relays: 2, members: 2, chosenLater: 1, impatient, faults });
        if (result.problems.length > 0) return result.problems[0];
      }
    }
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** @returns what notices that the row is not there */
export async function without(
  { dialogue, row }: DeletableRow,
  look: () => Promise<string | undefined>,
): Promise<string | undefined> {
  const table = dialogue.rows as unknown[];
  const at = table.indexOf(row);
  table.splice(at, 1);
  try {
    return await look();
  } finally {
    table.splice(at, 0, row);
  }
}

/** Every command once answered with a wrong no, every link once read as it was in the beginning. */
function wrongs(points: ReadonlyMap<string, number>): FaultPlan[] {
  const executions = [...points.keys()].filter((point) => point.endsWith('.before-execute'));
  return [
    ...executions.map((point) => ({ ...noFaults, refuse: { point, hit: 1, after: 0 } })),
    { ...noFaults, refuse: { point: 'relay.17.page.before-send', hit: 1, after: 0 } },
    ...[1, 2, 3, 4, 5, 6].map((stale) => ({ ...noFaults, stale })),
  ];
}
