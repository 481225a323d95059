import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AnyDialogue } from './machine';
import { isProtocol, protocolNames } from './protocols/names';
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
  pooled: {
    '3': 'local: as in full',
    '8': 'out of band: people share the link',
  },
  paired: {
    '2': 'local: Agent.createGroup prepares link and key before step 1 is told',
    '3': 'local: in the facts of step 1',
    '13': 'out of band: people share the link',
  },
  'remove.unnotified': {
    '1a': 'the command of remove.notified.1a, which fails or is never taken',
    '1b': 'the command of remove.notified.1b',
    '4b': 'what row 3 forwards; members take it as remove.notified.2b',
  },
  restore: {
    '1': 'the rows that add a relay',
    '2': 'the rows that add a relay',
    '5': 'the rows by which a member connects to a relay that the link lists',
    '6': 'as any message',
    '7': 'as any message',
    '8': 'as any message',
  },
};

/** Steps of the tables that are not arrows of the diagram, and why. */
const unnumbered: Record<string, string> = {
  '0': 'the relay address exists before the diagram begins',
  x: 'a command failed for good, or something is tried again, which the diagrams do not draw',
  'remove.3': 'ours: what a removed relay has of its members is deleted',
  ...Object.fromEntries(
    ['1', '2'].map((step) => [`history.${step}`, 'ours: what an SMP server lost, asked for once more']),
  ),
  // the simplified diagram ends when the link is shared: joining and forwarding are as in the first
  ...Object.fromEntries(['14', '15', '16', '17', '18'].map((step) => [step, 'as in full'])),
};

const dialoguesOf = (diagram: string): readonly AnyDialogue[] =>
  isProtocol(diagram) ? protocols[diagram] : Object.values(protocols).flat();
/** Rows of another diagram than the protocol's say which. */
const stepOf = ({ diagram, step }: Arrow): string => (isProtocol(diagram) ? step : `${diagram}.${step}`);

const rowsAt = (arrow: Arrow, half?: string) =>
  dialoguesOf(arrow.diagram)
    .filter((dialogue) => half === undefined || dialogue.half === half)
    .flatMap(({ rows }) => rows.filter(({ step }) => step === stepOf(arrow)));
const asksAt = (arrow: Arrow, half?: string) =>
  dialoguesOf(arrow.diagram)
    .filter((dialogue) => half === undefined || dialogue.half === half)
    .flatMap(({ rows }) => rows.flatMap(({ ask }) => ask ?? []).filter(({ step }) => step === stepOf(arrow)));

describe('the RFC as data', () => {
  it.each(diagrams)('has every arrow of $diagram, in order', ({ diagram, arrows: count }) => {
    const steps = arrows.filter((arrow) => arrow.diagram === diagram).map(({ step }) => step);
    expect(steps).toHaveLength(count);
    expect(new Set(steps).size).toBe(count);
  });

  it('has a table for each of its protocols', () => {
    const named = diagrams.map(({ diagram }) => diagram).filter((diagram) => !diagram.includes('.'));
    expect(named).toEqual([...protocolNames, 'restore']);
  });
});

describe('the tables against the RFC', () => {
  it.each(arrows)('$diagram $step is a row, an ask, or elsewhere for a reason: $text', (arrow) => {
    const covered = rowsAt(arrow).length + asksAt(arrow).length > 0;
    expect(elsewhere[arrow.diagram]?.[arrow.step] === undefined).toBe(covered);
  });

  const said = arrows.filter(({ message }) => message);
  it.each(said)('$diagram $step sends and takes $message', (arrow) => {
    expect(asksAt(arrow, arrow.from).map(({ send }) => send as string)).toContain(arrow.message);
    expect(rowsAt(arrow, arrow.to).map(({ on }) => on)).toContain(arrow.message);
  });

  it.each(protocolNames)('%s has no step that no diagram has', (protocol) => {
    const known = new Set(
      arrows.filter(({ diagram }) => diagram === protocol || !isProtocol(diagram)).map(stepOf),
    );
    const steps = protocols[protocol].flatMap(({ rows }) =>
      rows.flatMap(({ step, ask }) => [step, ...(ask ?? []).map((one) => one.step)]),
    );
    expect(steps.filter((step) => !known.has(step) && !Object.hasOwn(unnumbered, step))).toEqual([]);
  });
});
