import { type ProtocolName, protocolNames, protocols } from '@chat-relays/protocol';
import { type FaultPlan, noFaults } from './faults';
import { pointsOf } from './plan';
import { run } from './run';
import { storiesOf } from './stories/stories';

/** Rows without which nothing that is checked changes, and why they stay. */
const unnoticed: string[] = [];

const rowsOf = (protocol: ProtocolName) =>
  protocols[protocol].flatMap((dialogue) =>
    dialogue.rows.map((row) => ({
      dialogue,
      row,
      title: `${protocol} ${dialogue.half} ${row.step} ${row.on}${row.of ? ` of ${row.of}` : ''}: ${row.from.join(', ')} -> ${row.to}`,
    })),
  );

/** Every command once answered with a wrong no, every link once read as it was in the beginning. */
function wrongs(points: ReadonlyMap<string, number>): FaultPlan[] {
  const executions = [...points.keys()].filter((point) => point.endsWith('.before-execute'));
  return [
    ...executions.map((point) => ({ ...noFaults, refuse: { point, hit: 1, after: 0 } })),
    { ...noFaults, refuse: { point: 'relay.17.page.before-send', hit: 1, after: 0 } },
    ...[1, 2, 3, 4, 5, 6].map((stale) => ({ ...noFaults, stale })),
  ];
}

/** What notices that something is wrong with the tables: the stories, runs without faults, runs with them. */
async function complaint(
  protocol: ProtocolName,
  points: ReadonlyMap<string, number>,
): Promise<string | undefined> {
  try {
    const calm = { seed: 1, protocol, relays: 1, members: 3, messages: 1, faults: noFaults } as const;
    const { problems } = await run(calm);
    if (problems.length > 0) return problems[0];
    for (const { tell } of storiesOf(protocol)) await tell(protocol);
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

describe.each(protocolNames)('without any one of its rows %s does not work', (protocol) => {
  let points: ReadonlyMap<string, number>;
  beforeAll(async () => {
    points = await pointsOf(protocol);
  });

  it('with all of them it does', async () => {
    expect(await complaint(protocol, points)).toBeUndefined();
  }, 60_000);

  it.each(rowsOf(protocol))(
    '$title',
    async ({ dialogue, row, title }) => {
      // a row may be in the tables of several protocols: it is taken from this one's
      const table = dialogue.rows as unknown[];
      const at = table.indexOf(row);
      table.splice(at, 1);
      const noticed = await complaint(protocol, points);
      table.splice(at, 0, row);
      expect(noticed === undefined ? [title] : []).toEqual(unnoticed.filter((name) => name === title));
    },
    60_000,
  );
});
