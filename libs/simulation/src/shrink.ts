import { type FaultKind, kindsOfFault, type Plan, plannedScenario, type Size } from './plan';
import { run, type RunResult } from './run';
import type { Scenario } from './scenario';

export interface Failure {
  readonly plan: Plan;
  readonly scenario: Scenario;
  readonly result: RunResult;
}

/**
 * The smallest plan with which this seed still goes wrong: as few relays, members and messages, and as few kinds of
 * faults, as can be had by taking away one thing after the other. undefined when it does not go wrong at all.
 */
export async function shrink(
  seed: number,
  plan: Plan,
  points: ReadonlyMap<string, number>,
  attempt: (scenario: Scenario) => Promise<RunResult> = run,
): Promise<Failure | undefined> {
  const failureOf = async (tried: Plan): Promise<Failure | undefined> => {
    const scenario = plannedScenario(seed, tried, points);
    const result = await attempt(scenario);
    return result.problems.length > 0 ? { plan: tried, scenario, result } : undefined;
  };
  let smallest = await failureOf(plan);
  for (let smaller = smallest; smaller;) {
    smallest = smaller;
    smaller = undefined;
    for (const candidate of smallerThan(smallest)) {
      smaller = await failureOf(candidate);
      if (smaller) break;
    }
  }
  return smallest;
}

const LEAST: Required<Size> = { relays: 1, members: 0, messages: 0 };

/** Each with one thing less, the smallest first. */
function* smallerThan({ plan, scenario }: Failure): Generator<Plan> {
  for (const kind of kindsOfFault) {
    if (hasFault(scenario, kind)) yield { ...plan, without: [...plan.without, kind] };
  }
  for (const dimension of ['messages', 'members', 'relays'] as const) {
    const size = scenario[dimension];
    const smaller = new Set([LEAST[dimension], size >> 1, size - 1]);
    for (const count of smaller) {
      if (count >= LEAST[dimension] && count < size)
        yield { ...plan, size: { ...sizeOf(scenario), [dimension]: count } };
    }
  }
}

function hasFault({ faults }: Scenario, kind: FaultKind): boolean {
  const fault = faults[kind];
  return fault !== undefined && fault !== 0;
}

function sizeOf({ relays, members, messages }: Scenario): Required<Size> {
  return { relays, members, messages };
}
