import { Coverage } from './coverage';
import { pointsOf, scenarioOf } from './plan';
import { replayOf } from './replay';
import { run } from './run';
import { stories } from './stories/stories';

const RUNS = 2_000;
const FIRST = Number(process.env.SIM_SEED ?? 1);

/** What this agent never does, so that only stories reach it; the reasons are beside the stories. */
const byStoriesAlone = [
  'owner 7 x.grp.relay.acpt New -> Accepted',
  'relay 7 x.ok LinkCreated -> Accepted',
  'relay 9 x.grp.info LinkCreated -> Notified',
  'relay 15 x.ok New -> Connected',
];

describe(`${RUNS} simulated channels, SIM_SEED=${FIRST}`, () => {
  it('end well, reach every row, and crash at every failpoint', async () => {
    const points = await pointsOf('full');
    const coverage = new Coverage('full', [...points.keys()]);
    for (let seed = FIRST; seed < FIRST + RUNS; seed++) {
      const scenario = scenarioOf(seed, 'full', points);
      const { problems, story, faults } = await run(scenario);
      if (problems.length > 0) throw new Error([...problems, replayOf(scenario), story()].join('\n'));
      coverage.add(faults);
    }
    expect(coverage.missingCrashes).toEqual([]);
    expect(coverage.missingRows).toEqual(expect.arrayContaining(byStoriesAlone));
    for (const { tell } of stories) coverage.addRows(await tell());
    expect(coverage.missingRows).toEqual([]);
  }, 120_000);

  it('happen again, event by event, from the same seed', async () => {
    const points = await pointsOf('full');
    for (let seed = FIRST; seed < FIRST + 20; seed++) {
      const scenario = scenarioOf(seed, 'full', points);
      const { relays, members, messages } = scenario;
      const again = scenarioOf(seed, 'full', points, { relays, members, messages });
      expect(again).toEqual(scenario);
      expect((await run(again)).story()).toBe((await run(scenario)).story());
    }
  });
});
