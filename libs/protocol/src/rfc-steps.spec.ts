import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AnyDialogue } from './machine';
import { protocols } from './protocols/protocols';

interface Arrow {
  readonly diagram: string;
  readonly step: string;
  readonly from: string;
  readonly to: string;
  readonly text: string;
  readonly message?: string;
}

const { diagrams, arrows } = JSON.parse(
  readFileSync(join(__dirname, '../../../vectors/rfc-steps.json'), 'utf8'),
) as { diagrams: { diagram: string; arrows: number }[]; arrows: Arrow[] };

/** Arrows that are neither a row nor an ask, and why. */
const elsewhere: Record<string, Record<string, string>> = {
  full: {
    '3': 'local: the link goes into the profile in the commit that learns it (put of step 2)',
    '13': 'out of band: people share the link',
  },
};

/** Steps of the tables that are not arrows of the diagram, and why. */
const unnumbered: Record<string, string> = {
  '0': 'the relay address exists before the diagram begins',
  x: 'a command failed for good, which the diagrams do not draw',
};

const tables: Record<string, readonly AnyDialogue[]> = protocols;
const built = diagrams.filter(({ diagram }) => Object.hasOwn(tables, diagram)).map(({ diagram }) => diagram);
const unbuilt = diagrams.map(({ diagram }) => diagram).filter((diagram) => !built.includes(diagram));

const ofBuilt = arrows.filter(({ diagram }) => built.includes(diagram));
const rowsAt = (arrow: Arrow, half?: string) =>
  tables[arrow.diagram]
    .filter((dialogue) => half === undefined || dialogue.half === half)
    .flatMap(({ rows }) => rows.filter(({ step }) => step === arrow.step));
const asksAt = (arrow: Arrow, half?: string) =>
  tables[arrow.diagram]
    .filter((dialogue) => half === undefined || dialogue.half === half)
    .flatMap(({ rows }) => rows.flatMap(({ ask }) => ask ?? []).filter(({ step }) => step === arrow.step));

describe('the RFC as data', () => {
  it.each(diagrams)('has every arrow of $diagram, in order', ({ diagram, arrows: count }) => {
    const steps = arrows.filter((arrow) => arrow.diagram === diagram).map(({ step }) => step);
    expect(steps).toHaveLength(count);
    expect(new Set(steps).size).toBe(count);
  });

  it('begins with the protocol that is built', () => expect(built).toContain('full'));

  it.each(unbuilt)('%s: protocol not built yet', (diagram) => expect(tables).not.toHaveProperty([diagram]));
});

describe('the tables against the RFC', () => {
  it.each(ofBuilt)('$diagram $step is a row, an ask, or elsewhere for a reason: $text', (arrow) => {
    const covered = rowsAt(arrow).length + asksAt(arrow).length > 0;
    expect(elsewhere[arrow.diagram]?.[arrow.step] === undefined).toBe(covered);
  });

  it.each(ofBuilt.filter(({ message }) => message))('$diagram $step sends and takes $message', (arrow) => {
    expect(asksAt(arrow, arrow.from).map(({ send }) => send as string)).toContain(arrow.message);
    expect(rowsAt(arrow, arrow.to).map(({ on }) => on)).toContain(arrow.message);
  });

  it.each(built)('%s has no step that its diagram does not have', (diagram) => {
    const known = new Set(arrows.filter((arrow) => arrow.diagram === diagram).map(({ step }) => step));
    const steps = tables[diagram].flatMap(({ rows }) =>
      rows.flatMap(({ step, ask }) => [step, ...(ask ?? []).map((one) => one.step)]),
    );
    expect(steps.filter((step) => !known.has(step) && !Object.hasOwn(unnumbered, step))).toEqual([]);
  });
});
