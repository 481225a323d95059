import { type FaultKind, kindsOfFault, type Plan, plannedScenario, type Size } from './plan';
import { run, type RunResult } from './run';
import type { Scenario } from './scenario';

export interface Failure {
  readonly plan: Plan;
  readonly scenario: Scenario;
  readonly result: RunResult;
}

/**
 * The smallest plan with which this seed still goes wrong: as few groups, relays, members and messages, as few kinds of
 * faults and crashes, as can be had by taking away one thing after the other. undefined when it does not go wrong at all.
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

const LEAST: Required<Size> = { groups: 1, relays: 1, members: 0, messages: 0 };

/** Each with one thing less, the smallest first. */
function* smallerThan({ plan, scenario }: Failure): Generator<Plan> {
  for (const kind of kindsOfFault) {
    if (hasFault(scenario, kind)) yield { ...plan, without: [...plan.without, kind] };
  }
  const { crashes } = scenario.faults;
  if (crashes.length > 1) {
    for (const crash of crashes) yield { ...plan, crashes: crashes.filter((other) => other !== crash) };
  }
  const sizes = sizeOf(scenario);
  for (const dimension of ['groups', 'messages', 'members', 'relays'] as const) {
    const size = sizes[dimension];
    const smaller = new Set([LEAST[dimension], size >> 1, size - 1]);
    for (const count of smaller) {
      if (count >= LEAST[dimension] && count < size)
        yield { ...plan, size: { ...sizes, [dimension]: count } };
    }
  }
}

function hasFault({ faults, other, ...first }: Scenario, kind: FaultKind): boolean {
  if (kind === 'meddling' || kind === 'anything') return Boolean(first[kind]) || Boolean(other?.[kind]);
  const fault = faults[kind];
  return Array.isArray(fault) ? fault.length > 0 : fault !== undefined && fault !== 0;
}

function sizeOf({ relays, members, messages, other }: Scenario): Required<Size> {
  return { groups: other ? 2 : 1, relays, members, messages };
}
