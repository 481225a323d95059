import { cpus } from 'node:os';
import { joiningTrips, onboardingTrips, type ProtocolName, totalOf } from '@chat-relays/protocol';
import { table } from '@chat-relays/tools';
import { median } from '../median';
import { type Counts, countsOfTables, isSame } from './counts';
import type { DeadRelay } from './dead-relay';
import type { Times } from './onboarding';
import type { Plan } from './plan';
import { RELAYS } from './stage';

/** All that one run measured. */
export interface Findings {
  readonly counts: ReadonlyMap<ProtocolName, Counts>;
  readonly runs: readonly Run[];
  readonly dead: ReadonlyMap<ProtocolName, readonly DeadRelay[]>;
}

/** One group. */
export interface Run {
  readonly protocol: ProtocolName;
  readonly delay: number;
  readonly times: Times;
}

type Moment = keyof Times;

/** Whether the traces took what the tables say. */
export function agrees({ counts }: Findings): boolean {
  return [...counts].every(([protocol, measured]) => isSame(measured, countsOfTables(protocol)));
}

export function reportLines(plan: Plan, findings: Findings): string[] {
  return [
    'What adding one relay takes, by the tables and as its trace had it',
    countTable(plan, findings),
    '',
    `Three relays and one member, ms, medians of ${plan.runs}, and that in times of full`,
    timeTable(plan, findings),
    '',
    ...slopes(plan, findings),
    `One of three relays stopped when it is chosen, no delay, ms, medians of ${plan.runs}`,
    deadTable(plan, findings),
    '',
    `${cpus().length} CPUs for all processes, ${new Date().toISOString().slice(0, 10)}: compare the lines of one run, not runs.`,
  ];
}

function countTable({ protocols }: Plan, { counts }: Findings): string {
  const words = ({ messages, owner, relay }: Counts): number[] => [messages, owner, relay];
  return table(
    ['protocol', '', 'messages', 'SMP commands of the owner', 'of the relay'],
    protocols.flatMap((protocol) => {
      const measured = counts.get(protocol);
      const tables = countsOfTables(protocol);
      if (!measured) return [];
      return [
        [protocol, 'tables', ...words(tables)],
        ['', isSame(measured, tables) ? 'trace' : 'trace, OTHERWISE', ...words(measured)],
      ];
    }),
  );
}

function timeTable({ protocols, delays }: Plan, { runs }: Findings): string {
  const rows = delays.flatMap((delay) =>
    protocols.map((protocol) => {
      const cells = moments.flatMap((moment) => {
        const ms = medianOf(runs, protocol, delay, moment);
        return [Math.round(ms), ratio(ms, medianOf(runs, 'full', delay, moment))];
      });
      return [`${delay} ms`, protocol, ...cells];
    }),
  );
  return table(
    ['SMP delay', 'protocol', 'first relay serves', '', 'all confirmed', '', 'member connected', ''],
    rows,
  );
}

/** By how much a delay makes the whole later: the sequential round trips, if nothing else did. */
function slopes({ protocols, delays }: Plan, { runs }: Findings): string[] {
  const [least] = delays;
  const most = delays[delays.length - 1];
  if (least === most) return [];
  const measured = (protocol: ProtocolName, moment: Moment): string => {
    const later = medianOf(runs, protocol, most, moment) - medianOf(runs, protocol, least, moment);
    return (later / (most - least)).toFixed(1);
  };
  const lines = protocols.map((protocol) => [
    protocol,
    ...moments.flatMap((moment) => [roundTrips(protocol)[moment], measured(protocol, moment)]),
  ]);
  const heads = [
    'protocol',
    'first relay serves',
    'measured',
    'all confirmed',
    'measured',
    'member connected',
    'measured',
  ];
  return [
    `Sequential round trips by the tables, and ms later per ms of delay (${least} to ${most} ms)`,
    table(heads, lines),
    '',
  ];
}

/**
 * Making the group link is one more, before relays are chosen. A link is written once at a time, so that the last of
 * several relays that accept together waits for the others' LSETs.
 */
export function roundTrips(protocol: ProtocolName): Readonly<Record<Moment, string>> {
  const { serving, confirmed } = onboardingTrips(protocol);
  const alone = 1 + totalOf(confirmed);
  return {
    serving: String(1 + totalOf(serving)),
    confirmed: `${alone} to ${alone + RELAYS.length - 1}`,
    connected: String(totalOf(joiningTrips(protocol))),
  };
}

function deadTable({ protocols }: Plan, { runs, dead }: Findings): string {
  const rows = protocols.flatMap((protocol) => {
    const found = dead.get(protocol) ?? [];
    if (found.length === 0) return [];
    const middle = (of: (one: DeadRelay) => number): number => Math.round(median(found.map(of)));
    const confirmed = middle(({ others }) => others.confirmed);
    const seen = found.map(({ seen: { status, stuck } }) => `${status}${stuck ? ', stuck' : ''}`);
    return [
      [
        protocol,
        confirmed,
        ratio(confirmed, medianOf(runs, protocol, 0, 'confirmed')),
        [...new Set(seen)].join('; '),
        middle(({ others }) => others.connected),
        middle(({ back }) => back),
      ],
    ];
  });
  const heads = [
    'protocol',
    'other two confirmed',
    'of all three there',
    'owner sees of it',
    'member connected to two',
    'confirmed after its restart',
  ];
  return table(heads, rows);
}

const moments: readonly Moment[] = ['serving', 'confirmed', 'connected'];

/** NaN where nothing was measured. */
function medianOf(runs: readonly Run[], protocol: ProtocolName, delay: number, moment: Moment): number {
  const found = runs.filter((run) => run.protocol === protocol && run.delay === delay);
  return found.length === 0 ? NaN : median(found.map(({ times }) => times[moment]));
}

function ratio(ms: number, base: number): string {
  return Number.isNaN(base) ? '' : `× ${(ms / base).toFixed(2)}`;
}
