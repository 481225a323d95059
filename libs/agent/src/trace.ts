import {
  type Attributes,
  context,
  type Link,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';

/** A span that has begun; nothing is exported before `end`. */
export interface Begun {
  /** W3C; undefined where nobody listens */
  readonly traceparent: string | undefined;
  /** runs in the span's context, so that logs carry its ids */
  run<T>(work: () => T): T;
  end(attributes?: Attributes, error?: string): void;
}

interface Beginning {
  /** the saga; without it a new trace begins */
  readonly parent?: string;
  /** what caused this span, where that is not the parent */
  readonly cause?: string;
  readonly attributes: Attributes;
}

const tracer = trace.getTracer('chat-relays');

/** An arriving arrow: a row fires, or comes too late to. */
export function arrival(name: string, beginning: Beginning): Begun {
  return begin(name, SpanKind.INTERNAL, beginning);
}

/** A command being executed. */
export function execution(name: string, beginning: Beginning): Begun {
  return begin(name, SpanKind.CLIENT, beginning);
}

const untraced: Begun = { traceparent: undefined, run: (work) => work(), end: () => undefined };

/** For sagas that are not traced; costs nothing. */
export function unobserved(): Begun {
  return untraced;
}

function begin(name: string, kind: SpanKind, { parent, cause, attributes }: Beginning): Begun {
  const from = parseTraceparent(parent);
  const origin = parseTraceparent(cause);
  const links: Link[] = origin && origin.spanId !== from?.spanId ? [{ context: origin }] : [];
  const within = from ? trace.setSpanContext(ROOT_CONTEXT, from) : ROOT_CONTEXT;
  const span = tracer.startSpan(name, { kind, attributes, links }, within);
  const running = trace.setSpan(within, span);
  return {
    traceparent: formatTraceparent(span),
    run: (work) => context.with(running, work),
    end(more, error) {
      if (more) span.setAttributes(more);
      if (error !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: error });
      span.end();
    },
  };
}

function formatTraceparent(span: Span): string | undefined {
  const { traceId, spanId, traceFlags } = span.spanContext();
  if (/^0+$/.test(traceId)) return undefined;
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
}

/** A traceparent of another process; anything malformed counts as none. */
export function parseTraceparent(traceparent: string | undefined): SpanContext | undefined {
  const match = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(traceparent ?? '');
  if (!match) return undefined;
  return { traceId: match[1], spanId: match[2], traceFlags: parseInt(match[3], 16), isRemote: true };
}
