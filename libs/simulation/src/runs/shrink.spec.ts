import type { Scenario } from './scenario';
import { Faults, noFaults } from '../faults/faults';
import { argumentsOf } from './arguments';
import { type Plan, plannedScenario, pointsOf } from './plan';
import { Random } from '../random';
import { replayOf } from './replay';
import { run, type RunResult } from './run';
import { shrink } from './shrink';

const plan: Plan = { protocol: 'full', size: { groups: 2, relays: 3, members: 2, messages: 5 }, without: [] };

/** Instead of a run: it goes wrong when this is so. */
function when(wrong: (scenario: Scenario) => boolean) {
  return async (scenario: Scenario): Promise<RunResult> => ({
    problems: wrong(scenario) ? ['wrong'] : [],
    story: () => '',
    events: 0,
    faults: new Faults(new Random(1), noFaults),
  });
}

describe('the smallest scenario that goes wrong', () => {
  let points: ReadonlyMap<string, number>;
  beforeAll(async () => {
    points = await pointsOf('full');
  });

  function seedWith(wanted: (scenario: Scenario) => boolean): number {
    for (let seed = 1; ; seed++) if (wanted(plannedScenario(seed, plan, points))) return seed;
  }

  it('is none for a seed that ends well', async () => {
    expect(await shrink(1, plan, points)).toBeUndefined();
  });

  it('has nothing that is not needed', async () => {
    const seed = seedWith(({ faults }) => faults.loss > 0 && faults.duplicates > 0 && faults.kills > 0);
    const wrong = ({ relays, messages, faults }: Scenario) =>
      relays >= 2 && messages >= 3 && faults.duplicates > 0;
    const failure = await shrink(seed, plan, points, when(wrong));
    expect(failure?.scenario).toMatchObject({ relays: 2, members: 0, messages: 3 });
    expect(failure?.scenario.other).toBeUndefined();
    const { duplicates } = plannedScenario(seed, plan, points).faults;
    expect(failure?.scenario.faults).toEqual({ ...noFaults, duplicates });
  });

  it('keeps the wrong answer without which all is well', async () => {
    const seed = seedWith(({ faults }) => faults.refuse !== undefined);
    const failure = await shrink(
      seed,
      plan,
      points,
      when(({ faults }) => faults.refuse !== undefined),
    );
    expect(failure?.scenario.faults.refuse).toBeDefined();
    expect(failure?.scenario).toMatchObject({ relays: 1, members: 0, messages: 0 });
  });

  it('has no crash that is not needed, and the group that is', async () => {
    const seed = seedWith(({ faults }) => faults.crashes.length === 3);
    const [, needed] = plannedScenario(seed, plan, points).faults.crashes;
    const wrong = ({ faults, other }: Scenario) =>
      other !== undefined && faults.crashes.some(({ point }) => point === needed.point);
    const failure = await shrink(seed, plan, points, when(wrong));
    expect(failure?.scenario.faults).toEqual({ ...noFaults, crashes: [needed] });
    expect(failure?.scenario).toMatchObject({ relays: 1, other: { relays: 1, members: 0, messages: 0 } });
  });

  it('is what its replay line says, event by event', async () => {
    const seed = seedWith(({ faults }) => faults.crashes.length > 1 && faults.loss > 0);
    const wrong = ({ relays, faults }: Scenario) => relays >= 2 && faults.crashes.length > 1;
    const failure = await shrink(seed, plan, points, when(wrong));
    const { scenario, plan: smallest } = failure!;
    const [, line] = replayOf(scenario, smallest.without).split('\n');
    const { seed: said, protocols, size, without, crashes } = argumentsOf(line.split(' ').slice(4), 0);
    const again = plannedScenario(said, { protocol: protocols[0], size, without, crashes }, points);
    expect(again).toEqual(scenario);
    expect((await run(again)).story()).toBe((await run(scenario)).story());
  });
});
