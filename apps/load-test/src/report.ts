import { arch, cpus, platform, totalmem } from 'node:os';
import type { Tally } from './ledger';
import { paceOf } from './pace';
import type { Plan } from './plan';

/** What a run measured, before it is counted together. */
export interface Measured {
  readonly plan: Plan;
  readonly ground: string;
  readonly tally: Tally;
  readonly duplicates: number;
  /** texts of one member that differ from what was sent */
  readonly altered: number;
  /** unix ms at which the first message was due */
  readonly begin: number;
  readonly seconds: {
    readonly start: number;
    readonly join: number;
    readonly send: number;
    readonly drain: number;
  };
  /** from the first message until everything had arrived */
  readonly cpu: readonly { readonly process: string; readonly seconds: number }[];
}

export type Report = ReturnType<typeof reportOf>;

/** The report as it is written with --json. */
export function reportOf({ plan, ground, tally, duplicates, altered, begin, seconds, cpu }: Measured) {
  const { latency, lastReceived, ...counts } = tally;
  const span = Math.max(0.001, (lastReceived - begin) / 1000);
  const copies = counts.kept + duplicates;
  const ms = (percentile: number): number => latency.getValueAtPercentile(percentile) / 1000;
  const cpuSeconds = cpu.reduce((sum, { seconds }) => sum + seconds, 0);
  return {
    at: new Date(begin).toISOString(),
    parameters: { ...plan, pace: paceOf(plan).words, ground },
    machine: machine(),
    seconds: { ...seconds, firstToLast: span },
    deliveries: {
      ...counts,
      duplicatesDropped: duplicates,
      /** each relay but the first one brings one */
      duplicatesExpected: counts.expected * (plan.relays - 1),
      altered,
    },
    perSecond: { deliveries: counts.kept / span, copies: copies / span, messages: plan.messages / span },
    latencyMs: {
      p50: ms(50),
      p90: ms(90),
      p99: ms(99),
      p999: ms(99.9),
      max: latency.totalCount === 0 ? 0 : latency.maxValue / 1000,
      mean: latency.totalCount === 0 ? 0 : latency.mean / 1000,
    },
    cpu: {
      seconds: cpuSeconds,
      microsecondsPerCopy: copies === 0 ? 0 : (cpuSeconds / copies) * 1e6,
      processes: cpu,
    },
  };
}

/** Whether every member has every message exactly once, in order and as it was sent. */
export function isExact({ deliveries }: Pick<Report, 'deliveries'>): boolean {
  const { lost, keptTwice, outOfOrder, strange, altered } = deliveries;
  return lost + keptTwice + outOfOrder + strange + altered === 0;
}

export function reportLines(report: Report): string[] {
  const { deliveries, perSecond, latencyMs, seconds, cpu, parameters } = report;
  const busiest = cpu.processes.slice(0, 8).map(({ process, seconds }) => `${process} ${seconds.toFixed(1)}`);
  return [
    `${parameters.messages} messages × ${parameters.members} members = ${deliveries.expected} deliveries over ${parameters.relays} ${parameters.relays === 1 ? 'relay' : 'relays'}`,
    `  ${parameters.pace}`,
    '',
    `  deliveries per second  ${whole(perSecond.deliveries)}   (with duplicates ${whole(perSecond.copies)}; messages ${perSecond.messages.toFixed(1)})`,
    `  delivery latency       p50 ${milliseconds(latencyMs.p50)}   p99 ${milliseconds(latencyMs.p99)}   max ${milliseconds(latencyMs.max)}   (until the member's agent received it, before its commit)`,
    `  lost                   ${deliveries.lost}`,
    `  kept twice             ${deliveries.keptTwice}`,
    `  out of order           ${deliveries.outOfOrder}`,
    `  altered or strange     ${deliveries.altered + deliveries.strange}`,
    `  duplicates dropped     ${deliveries.duplicatesDropped}   (expected ${deliveries.duplicatesExpected})`,
    `  seconds                start ${seconds.start.toFixed(1)}   join ${seconds.join.toFixed(1)}   send ${seconds.send.toFixed(1)}   drain ${seconds.drain.toFixed(1)}`,
    ...(busiest.length === 0
      ? []
      : [
          `  CPU seconds            ${cpu.seconds.toFixed(1)}, ${whole(cpu.microsecondsPerCopy)} µs per copy: ${busiest.join(', ')}`,
        ]),
  ];
}

function whole(value: number): string {
  return String(Math.round(value));
}

function milliseconds(value: number): string {
  return `${value < 10 ? value.toFixed(1) : whole(value)} ms`;
}

function machine() {
  const [cpu] = cpus();
  return {
    cpus: cpus().length,
    model: cpu?.model.trim() ?? 'unknown',
    memoryBytes: totalmem(),
    platform: `${platform()} ${arch()}`,
    node: process.version,
  };
}
