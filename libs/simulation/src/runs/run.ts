import { Course } from '../users/course';
import { Faults } from '../faults/faults';
import { Invariants } from '../judges/invariants';
import { Random } from '../random';
import { Rest } from '../judges/rest';
import type { Scenario } from './scenario';
import { World, type WorldOptions } from '../world';

export interface RunResult {
  /** empty: the run is good */
  readonly problems: readonly string[];
  readonly story: () => string;
  readonly events: number;
  readonly faults: Faults;
}

const MOST_EVENTS = 20_000;

/** Channels from their creation to their last message, with faults until the users are done, then in peace until rest. */
export async function run(scenario: Scenario, sabotage?: WorldOptions['sabotage']): Promise<RunResult> {
  const faults = new Faults(new Random(scenario.seed ^ 0x5eed), scenario.faults, scenario.protocol);
  const world = new World(scenario.seed, scenario.protocol, faults, {
    quota: scenario.quota,
    page: 2,
    sabotage,
  });
  const course = new Course(world, scenario);
  const invariants = new Invariants(world);
  let events = 0;
  let problems: string[];
  try {
    await course.begin();
    problems = invariants.check();
    for (; problems.length === 0 && events < MOST_EVENTS; events++) {
      if (!(await course.next())) break;
      problems = invariants.check();
    }
    if (problems.length === 0) {
      problems =
        events === MOST_EVENTS
          ? [`no rest after ${events} events`]
          : new Rest(world, course, scenario).check();
    }
  } catch (error) {
    problems = [(error as Error).stack ?? String(error)];
  }
  return { problems, story: () => world.story.columns(), events, faults };
}
