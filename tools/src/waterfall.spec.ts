import type { Span } from './otlp-spans';
import { waterfall } from './waterfall';

const span = (spanId: string, start: number, end: number, more: Partial<Span> = {}): Span => ({
  traceId: 't',
  spanId,
  parentSpanId: undefined,
  name: spanId,
  kind: 'internal',
  service: 'relay-1',
  start,
  end,
  attributes: {},
  links: [],
  failed: false,
  ...more,
});

const spans = [
  span('answer', 1040, 1080, { parentSpanId: 'ask', kind: 'consumer' }),
  span('ask', 1020, 1080, { parentSpanId: 'saga', kind: 'client', service: 'owner' }),
  span('saga', 1000, 1100, { service: 'owner' }),
  span('late', 1090, 1100, { parentSpanId: 'elsewhere', failed: true }),
  span('early', 1010, 1010, { parentSpanId: 'saga' }),
];

describe('waterfall', () => {
  it('draws a tree on one time axis', () => {
    expect(waterfall(spans, { width: 64 }).split('\n')).toEqual([
      'owner saga               |===========================| 100.00 ms',
      '  relay-1 early          |  =                        |   0.00 ms',
      '  owner ask [CLI]        |     ================      |  60.00 ms',
      '    relay-1 answer [CON] |          ===========      |  40.00 ms',
      'relay-1 late failed      |                        !!!|  10.00 ms',
    ]);
  });

  it('fits any width that leaves room for names', () => {
    for (const width of [40, 61, 80, 200]) {
      const lengths = waterfall(spans, { width })
        .split('\n')
        .map((line) => line.length);
      expect(lengths).toEqual(lengths.map(() => width));
    }
  });

  it('cuts long names rather than the bar', () => {
    const drawn = waterfall([span('a'.repeat(200), 0, 1)], { width: 60 });
    expect(drawn).toContain('…');
    expect(drawn).toContain('='.repeat(16));
  });

  it('colours bars only when asked to, and not the widths', () => {
    const escapes = new RegExp('\u001b\\[\\d+m', 'g');
    const coloured = waterfall(spans, { width: 64, colour: true });
    expect(coloured).toMatch(escapes);
    expect(coloured.replace(escapes, '')).toBe(waterfall(spans, { width: 64 }));
  });

  it('shows a single moment and nothing at all', () => {
    expect(waterfall([span('x', 5, 5)], { width: 40 })).toContain('| 0.00 ms');
    expect(waterfall([])).toBe('');
  });
});
