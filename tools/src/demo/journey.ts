import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../config';
import type { Span } from '../otlp-spans';
import { table } from '../table';

interface Arrow {
  readonly diagram: string;
  readonly step: string;
  readonly from: string;
  readonly to: string;
  readonly text: string;
}

/** Moments of the demo itself, unix ms, by step: what no span tells. */
export type Moments = Partial<Record<string, number>>;

/** The steps of the RFC's first diagram with the moment at which each was done, in ms since the first. */
export function journey(spans: readonly Span[], moments: Moments): string {
  const { arrows } = JSON.parse(readFileSync(join(repositoryRoot, 'vectors/rfc-steps.json'), 'utf8')) as {
    arrows: Arrow[];
  };
  // the link becomes part of the profile in the commit that learns it
  const done = (step: string): number | undefined =>
    moments[step] ?? firstEnd(spans, step === '3' ? '2' : step);
  const full = arrows.filter(({ diagram }) => diagram === 'full');
  const start = Math.min(...full.flatMap(({ step }) => done(step) ?? []));
  return table(
    ['step', 'who', 'what', 'done at ms'],
    full.map(({ step, from, to, text }) => {
      const moment = done(step);
      return [
        step,
        from === to ? from : `${from} → ${to}`,
        text,
        moment === undefined ? '' : Math.round(moment - start),
      ];
    }),
  );
}

/** A command that was answered, or a row that fired: what ends first for a step is its doing. */
function firstEnd(spans: readonly Span[], step: string): number | undefined {
  const ends = spans.filter(({ attributes }) => attributes['rfc.step'] === step).map(({ end }) => end);
  return ends.length === 0 ? undefined : Math.min(...ends);
}
