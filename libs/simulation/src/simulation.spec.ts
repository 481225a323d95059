import { type ProtocolName, protocolNames } from '@chat-relays/protocol';
import { Coverage } from './judges/coverage';
import { builtThreads } from '../test/built-threads';
import { type Plan, plannedScenario, pointsOf, scenarioOf } from './runs/plan';
import { runRanges } from './runs/ranges';
import { replayOf } from './runs/replay';
import { run } from './runs/run';
import type { Scenario } from './runs/scenario';
import { storiesOf } from './stories/stories';
import type { WorkerThreads } from './runs/worker-threads';

const RUNS = 500;
const FIRST = Number(process.env.SIM_SEED ?? 1);
/** Seeds with which a crash at one failpoint is tried. */
const MOST_TRIES = 600;

/** What this agent, or an honest one, never does, so that only stories reach it; the reasons are beside the stories. */
const outrun = {
  full: [
    'owner 7 x.grp.relay.acpt New -> Accepted',
    'relay 7 x.ok LinkCreated -> Accepted',
    'relay 9 x.grp.info LinkCreated -> Notified',
    'relay remove.notified.1a x.grp.mem.del LinkCreated -> Removed',
    'member 15 x.grp.link.inv New -> Connected',
    'relay 15 x.ok New -> Connected',
  ],
  pooled: [
    'owner 6 x.grp.relay.acpt New -> Accepted',
    'relay 6 x.ok LinkCreated -> Confirmed',
    'relay remove.notified.1a x.grp.mem.del LinkCreated -> Removed',
    'member 15 x.grp.link.inv New -> Connected',
    'relay 15 x.ok New -> Connected',
  ],
  paired: [
    'owner 10 x.grp.relay.acpt New -> Accepted',
    'relay 10 x.ok LinkCreated -> Accepted',
    'relay remove.notified.1a x.grp.mem.del LinkCreated -> Removed',
    'owner 12 x.ok New -> Connected',
    'relay 12 x.ok New -> Connected',
    'member 15a x.grp.link.inv New -> Connected',
    'member 15b x.grp.link.inv New -> Connected',
    'relay 15a x.ok New -> Connected',
    'relay 15b x.ok New -> Connected',
  ],
} satisfies Record<ProtocolName, string[]>;
/** Nobody forges in a run, and no relay is full. */
const dishonest = {
  full: [
    'owner x x.grp.relay.reject New -> Broken',
    'owner x x.grp.relay.reject Accepted -> Broken',
    'owner x x.grp.relay.reject Added -> Broken',
    'member 14 LDATA Reading -> Broken',
    'member 15 x.grp.link.inv New -> Broken',
    'member 15 x.grp.link.inv Invited -> Broken',
  ],
  pooled: [
    'owner x x.grp.relay.reject New -> Broken',
    'owner x x.grp.relay.reject Accepted -> Broken',
    'owner x x.grp.relay.reject Confirmed -> Broken',
    'relay remove.unnotified.3 LDATA Confirmed -> Broken',
    'member 14 LDATA Reading -> Broken',
    'member 15 x.grp.link.inv New -> Broken',
    'member 15 x.grp.link.inv Invited -> Broken',
  ],
  paired: [
    'owner x x.grp.relay.reject New -> Broken',
    'owner x x.grp.relay.reject Accepted -> Broken',
    'owner x x.grp.relay.reject Added -> Broken',
    'relay 8 LDATA Invited -> Broken',
    'member 14 LDATA Reading -> Broken',
    'member 15a x.grp.link.inv New -> Broken',
    'member 15a x.grp.link.inv Invited -> Broken',
    'member 15b x.grp.link.inv New -> Broken',
    'member 15b x.grp.link.inv Invited -> Broken',
  ],
} satisfies Record<ProtocolName, string[]>;

let threads: WorkerThreads;
beforeAll(() => (threads = builtThreads()));
afterAll(() => threads.end());

async function good(scenario: Scenario) {
  const { problems, story, faults } = await run(scenario);
  if (problems.length > 0) throw new Error([...problems, replayOf(scenario), story()].join('\n'));
  return faults;
}

describe.each(protocolNames)(`${RUNS} simulated channels of %s, SIM_SEED=${FIRST}`, (protocol) => {
  it('end well, reach every row, and crash at every failpoint', async () => {
    const points = await pointsOf(protocol);
    const coverage = new Coverage(protocol, [...points.keys()]);
    const plan: Plan = { protocol, size: {}, without: [] };
    const failed = await runRanges({ first: FIRST, runs: RUNS }, threads.runners(plan, points), coverage);
    if (failed !== undefined) await good(plannedScenario(failed, plan, points));
    expect(failed).toBeUndefined();
    for (const point of coverage.missingCrashes) {
      const plan = {
        protocol,
        size: {},
        without: ['refuse', 'stale'],
        crashes: [{ point, hit: 1 }],
      } as const;
      for (let seed = FIRST; seed < FIRST + MOST_TRIES && coverage.missingCrashes.includes(point); seed++)
        coverage.add(await good(plannedScenario(seed, plan, points)));
    }
    expect(coverage.missingCrashes).toEqual([]);
    const byStoriesAlone = [...outrun[protocol], ...dishonest[protocol]];
    expect(coverage.missingRows).toEqual(expect.arrayContaining(byStoriesAlone));
    for (const { tell } of storiesOf(protocol)) coverage.addRows(await tell(protocol));
    expect(coverage.missingRows).toEqual([]);
  });

  it('happen again, event by event, from the same seed', async () => {
    const points = await pointsOf(protocol);
    for (let seed = FIRST; seed < FIRST + 10; seed++) {
      const scenario = scenarioOf(seed, protocol, points);
      const { relays, members, messages, other } = scenario;
      const groups = other ? 2 : 1;
      const again = scenarioOf(seed, protocol, points, { groups, relays, members, messages });
      expect(again).toEqual(scenario);
      expect((await run(again)).story()).toBe((await run(scenario)).story());
    }
  });
});
