import { type ProtocolName, protocolNames, protocols } from '@chat-relays/protocol';
import { type FaultPlan, type Moment, noFaults, rowName } from '../faults/faults';
import { Random } from '../random';
import { run } from './run';
import type { GroupShape, Scenario } from './scenario';

export interface Size {
  readonly groups?: number;
  readonly relays?: number;
  readonly members?: number;
  readonly messages?: number;
}

/** What can be left out of a plan. */
export const kindsOfFault = [
  'loss',
  'duplicates',
  'kills',
  'crashes',
  'refuse',
  'stale',
  'meddling',
  'anything',
] as const;
export type FaultKind = (typeof kindsOfFault)[number];

/** What is run with each seed; all of it can be said on the command line. */
export interface Plan {
  readonly protocol: ProtocolName;
  readonly size: Size;
  readonly without: readonly FaultKind[];
  /** instead of the crashes that follow from the seed */
  readonly crashes?: readonly Moment[];
}

/** Failpoints that runs without faults reach, and how often at most: where a crash can be planned. */
export async function pointsOf(protocol: ProtocolName): Promise<Map<string, number>> {
  const points = new Map<string, number>();
  for (let seed = 1; seed <= 16; seed++) {
    const plain = { ...shape(new Random(seed), { groups: 1 }), anything: 0 };
    const { faults } = await run({ ...plain, seed, protocol, faults: noFaults });
    for (const [point, hits] of faults.reached) points.set(point, Math.max(hits, points.get(point) ?? 0));
  }
  return points;
}

/** Run number `seed` of a plan. */
export function plannedScenario(
  seed: number,
  { protocol, size, without, crashes }: Plan,
  points: ReadonlyMap<string, number>,
): Scenario {
  const scenario = scenarioOf(seed, protocol, points, size);
  const faults: FaultPlan = { ...scenario.faults, ...(crashes && { crashes }) };
  const left = Object.entries(faults).filter(([kind]) => !(without as readonly string[]).includes(kind));
  const calm = <S extends GroupShape>(shape: S): S => ({
    ...shape,
    ...(without.includes('meddling') && { meddling: 0 }),
    ...(without.includes('anything') && { anything: 0 }),
  });
  const { other } = scenario;
  return {
    ...calm(scenario),
    ...(other && { other: calm(other) }),
    faults: { ...noFaults, ...(Object.fromEntries(left) as Partial<FaultPlan>) },
  };
}

/** Run number `seed`: what it is about, and what goes wrong in it, follow from the seed. */
export function scenarioOf(
  seed: number,
  protocol: ProtocolName,
  points: ReadonlyMap<string, number>,
  size: Size = {},
): Scenario {
  const random = new Random(seed ^ 0x9e3779b9);
  const base = { ...shape(random, size), seed, protocol };
  const moment = () => {
    const [point, hits] = random.pick([...points]);
    return { point, hit: 1 + random.below(Math.min(hits, 3)) };
  };
  const rough = {
    loss: random.pick([0, 0.05, 0.15]),
    duplicates: random.pick([0, 0.1, 0.3]),
    kills: random.pick([0, 0, 0.02]),
    crashes: Array.from({ length: random.pick([1, 1, 2, 3]) }, moment),
  };
  const kind = random.below(8);
  if (kind < 2) {
    const refuse = { ...moment(), after: random.below(3) };
    return { ...base, faults: { ...noFaults, duplicates: rough.duplicates, refuse } };
  }
  if (kind === 2) {
    return { ...base, faults: { ...noFaults, stale: 1 + random.below(3 * base.relays + base.members) } };
  }
  return { ...base, faults: rough };
}

/** Everything is drawn, so that naming a size changes nothing else. */
function shape(random: Random, size: Size): Omit<Scenario, 'seed' | 'protocol' | 'faults'> {
  const { groups: said, ...first } = size;
  const one = { ...groupShape(random), ...first };
  const quota = 1 + random.below(4);
  const groups = random.pick([1, 1, 2]);
  const protocol = random.pick(protocolNames);
  const drawn = groupShape(random);
  // a smaller world has smaller groups
  const other = {
    ...drawn,
    protocol,
    relays: Math.min(drawn.relays, one.relays),
    members: Math.min(drawn.members, one.members),
    messages: Math.min(drawn.messages, one.messages),
  };
  return { ...one, quota, ...((said ?? groups) > 1 && { other }) };
}

function groupShape(random: Random): Required<Omit<GroupShape, 'protocol'>> {
  const relays = random.pick([1, 1, 2, 2, 3]);
  const members = random.pick([1, 1, 2]);
  const messages = random.pick([1, 1, 2, 3]);
  return {
    relays,
    members,
    messages,
    impatient: random.chance(0.3),
    chosenLater: random.below(relays + 1),
    meddling: random.pick([0, 0, 1, 3, 6]),
    anything: random.pick([0, 0, 0, 0, 0, 0, 5, 12]),
  };
}

/** Every row and status from which it may fire, as coverage counts them. */
export function rowsOf(protocol: ProtocolName): string[] {
  return protocols[protocol].flatMap(({ half, rows }) =>
    rows.flatMap(({ step, on, from, to }) =>
      from.map((status) => rowName({ half, step, event: on, from: status, to })),
    ),
  );
}
