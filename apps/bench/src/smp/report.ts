import { cpus } from 'node:os';
import { table } from '@chat-relays/tools';
import { median } from '../median';
import type { Contender } from './contender';
import type { Plan } from './plan';
import type { Rounds } from './rounds';
import type { Counts } from './tally';

type Misses = Omit<Counts, 'expected' | 'received'>;

/** A contender over all its rounds. */
interface Line {
  readonly contender: Contender;
  /** in each round */
  readonly messages: number;
  readonly perSecond: { readonly median: number; readonly least: number; readonly most: number };
  /** of CPU for each message, all rounds together, by process */
  readonly microseconds: ReadonlyMap<string, number>;
  /** all rounds together, with what warmed it up */
  readonly misses: Misses;
  readonly notes: readonly string[];
}

export interface Report {
  readonly plan: Plan;
  readonly lines: readonly Line[];
}

export function reportOf(plan: Plan, rounds: readonly Rounds[]): Report {
  return { plan, lines: rounds.map(lineOf) };
}

function lineOf({ contender, warmUp, results }: Rounds): Line {
  const rates = results.map(({ counts, seconds }) => counts.received / Math.max(0.001, seconds));
  const received = results.reduce((total, { counts }) => total + counts.received, 0);
  const missed = (of: (counts: Counts) => number): number =>
    [warmUp, ...results].reduce((total, { counts }) => total + of(counts), 0);
  const microseconds = new Map<string, number>();
  for (const { process, seconds } of results.flatMap(({ cpu }) => cpu)) {
    const each = (seconds * 1e6) / Math.max(1, received);
    microseconds.set(process, (microseconds.get(process) ?? 0) + each);
  }
  return {
    contender,
    messages: results[0].counts.expected,
    perSecond: { median: median(rates), least: Math.min(...rates), most: Math.max(...rates) },
    microseconds,
    misses: {
      lost: missed(({ lost }) => lost),
      duplicated: missed(({ duplicated }) => duplicated),
      reordered: missed(({ reordered }) => reordered),
      strange: missed(({ strange }) => strange),
    },
    notes: results[results.length - 1].notes ?? [],
  };
}

/** Whether every message came exactly once, in the order of its queue and unaltered. */
export function isExact({ lines }: Report): boolean {
  return lines.every(({ misses }) => Object.values(misses).every((count) => count === 0));
}

export function reportLines({ plan, lines }: Report): string[] {
  const marks = lines.flatMap((line) => marksOf(line, lines));
  return [
    `Messages per second, from the first send to the last acknowledgement: median of ${plan.rounds} rounds (least to most)`,
    ...ratesTable(lines),
    '',
    'µs of CPU for each message, by process',
    ...cpuTable(lines),
    '',
    'All rounds together, and what warmed them up',
    ...missesTable(lines),
    ...(marks.length === 0 ? [] : ['', ...marks]),
    ...lines.flatMap(({ contender, notes }) => (notes.length === 0 ? [] : ['', contender.name, ...notes])),
    '',
    `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}, Node ${process.version}. Ratios are of this run: on a busy machine trust them and the CPU, not the rates.`,
  ];
}

function ratesTable(lines: readonly Line[]): string[] {
  const baselines = lines.filter(({ contender }) => contender.baseline);
  return rows(
    ['', 'messages', 'per second', ...baselines.map(({ contender }) => `× ${contender.name}`)],
    lines.map(({ contender, messages, perSecond }) => [
      contender.name,
      messages,
      `${whole(perSecond.median)} (${whole(perSecond.least)} to ${whole(perSecond.most)})`,
      ...baselines.map((baseline) => ratio(perSecond.median / baseline.perSecond.median)),
    ]),
  );
}

/** Processes as the report meets them; one that a contender has no use for has no figure. */
function cpuTable(lines: readonly Line[]): string[] {
  const processes = [...new Set(lines.flatMap(({ microseconds }) => [...microseconds.keys()]))];
  const shown = (value: number | undefined): string => value?.toFixed(1) ?? '-';
  return rows(
    ['', 'all', ...processes],
    lines.map(({ contender, microseconds }) => [
      contender.name,
      shown([...microseconds.values()].reduce((sum, each) => sum + each, 0)),
      ...processes.map((process) => shown(microseconds.get(process))),
    ]),
  );
}

function missesTable(lines: readonly Line[]): string[] {
  return rows(
    ['', 'lost', 'duplicated', 'reordered', 'altered or strange'],
    lines.map(({ contender, misses: { lost, duplicated, reordered, strange } }) => [
      contender.name,
      lost,
      duplicated,
      reordered,
      strange,
    ]),
  );
}

function marksOf({ contender, perSecond }: Line, lines: readonly Line[]): string[] {
  return (contender.marks ?? []).flatMap(({ of, ratio: mark }) => {
    const baseline = lines.find((line) => line.contender.key === of);
    if (!baseline) return [];
    const reached = ratio(perSecond.median / baseline.perSecond.median);
    return [`${contender.name}: ${reached} of ${baseline.contender.name}; the mark is ${mark}`];
  });
}

function rows(header: readonly string[], cells: readonly (readonly (string | number)[])[]): string[] {
  return table(header, cells)
    .split('\n')
    .map((line) => `  ${line}`);
}

function whole(value: number): string {
  return String(Math.round(value));
}

function ratio(value: number): string {
  return value < 0.1 ? value.toFixed(3) : value.toFixed(2);
}
