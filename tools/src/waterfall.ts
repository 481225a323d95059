import type { Span, SpanKind } from './otlp-spans';

export interface WaterfallOptions {
  /** Columns of the terminal. */
  width?: number;
  colour?: boolean;
}

/** How the terminal that a stream is connected to wants its waterfalls. */
export function waterfallOptions(stream: NodeJS.WriteStream): Required<WaterfallOptions> {
  return { width: stream.columns ?? 110, colour: stream.isTTY === true && stream.hasColors() };
}

const tags: Record<SpanKind, string> = {
  unspecified: '',
  internal: '',
  server: 'SRV',
  client: 'CLI',
  producer: 'PRO',
  consumer: 'CON',
};
const palette = [36, 33, 32, 35, 34, 96, 93, 92];
const minimalBar = 16;

/**
 * One trace as text: a line per span, children below their parent in the order in which they began, a bar on the
 * time axis of the whole trace, and the duration.
 */
export function waterfall(
  spans: readonly Span[],
  { width = 110, colour = false }: WaterfallOptions = {},
): string {
  if (spans.length === 0) return '';
  const lines = tree(spans).map(({ span, depth }) => ({ span, label: labelOf(span, depth) }));
  const begin = Math.min(...spans.map((span) => span.start));
  const whole = Math.max(...spans.map((span) => span.end)) - begin;
  const durations = lines.map(({ span }) => durationOf(span.end - span.start));
  const durationWidth = Math.max(...durations.map((text) => text.length));
  const widest = Math.max(...lines.map(({ label }) => label.length));
  const labelWidth = Math.max(8, Math.min(widest, width - durationWidth - minimalBar - 4));
  const barWidth = Math.max(1, width - labelWidth - durationWidth - 4);
  const services = [...new Set(spans.map((span) => span.service))];
  return lines
    .map(({ span, label }, index) => {
      const bar = barOf(span, begin, whole, barWidth);
      const paint = palette[services.indexOf(span.service) % palette.length];
      const shown = colour
        ? bar.replace(/[=!]+/, (run) => `\u001b[${span.failed ? 31 : paint}m${run}\u001b[0m`)
        : bar;
      return `${fit(label, labelWidth)} |${shown}| ${durations[index].padStart(durationWidth)}`;
    })
    .join('\n');
}

/** Depth first; a span whose parent is not among them stands at the top. */
function tree(spans: readonly Span[]): { span: Span; depth: number }[] {
  const ids = new Set(spans.map((span) => span.spanId));
  const children = new Map<string, Span[]>();
  for (const span of [...spans].sort((a, b) => a.start - b.start || a.end - b.end)) {
    const parent = span.parentSpanId && ids.has(span.parentSpanId) ? span.parentSpanId : '';
    children.set(parent, [...(children.get(parent) ?? []), span]);
  }
  const below = (parent: string, depth: number): { span: Span; depth: number }[] =>
    (children.get(parent) ?? []).flatMap((span) => [{ span, depth }, ...below(span.spanId, depth + 1)]);
  return below('', 0);
}

function labelOf(span: Span, depth: number): string {
  const tag = tags[span.kind];
  return `${'  '.repeat(depth)}${span.service} ${span.name}${tag && ` [${tag}]`}${span.failed ? ' failed' : ''}`;
}

function barOf(span: Span, begin: number, whole: number, width: number): string {
  const scale = whole > 0 ? width / whole : 0;
  const from = Math.min(width - 1, Math.floor((span.start - begin) * scale));
  const length = Math.max(1, Math.min(width - from, Math.round((span.end - span.start) * scale)));
  return (' '.repeat(from) + (span.failed ? '!' : '=').repeat(length)).padEnd(width);
}

function durationOf(milliseconds: number): string {
  return milliseconds >= 10_000 ? `${(milliseconds / 1000).toFixed(2)} s` : `${milliseconds.toFixed(2)} ms`;
}

function fit(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, width - 1)}…` : text.padEnd(width);
}
