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

/** The steps of a diagram of the RFC with the moment at which each was done, in ms since the first. */
export function journey(spans: readonly Span[], moments: Moments, diagram = 'paired'): string {
  const { arrows } = JSON.parse(readFileSync(join(repositoryRoot, 'vectors/rfc-steps.json'), 'utf8')) as {
    arrows: Arrow[];
  };
  const done = (step: string): number | undefined => moments[step] ?? firstEnd(spans, local[step] ?? step);
  const drawn = arrows.filter((arrow) => arrow.diagram === diagram);
  const start = Math.min(...drawn.flatMap(({ step }) => done(step) ?? []));
  return table(
    ['step', 'who', 'what', 'done at ms'],
    drawn.map(({ step, from, to, text }) => {
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

/** Link, owner key and profile are made before the group's first commit. */
const local: Readonly<Record<string, string>> = { '2': '1', '3': '1' };

/** A command that was answered, or a row that fired: what ends first for a step is its doing. */
function firstEnd(spans: readonly Span[], step: string): number | undefined {
  const ends = spans.filter(({ attributes }) => attributes['rfc.step'] === step).map(({ end }) => end);
  return ends.length === 0 ? undefined : Math.min(...ends);
}
