import {
  type Attributes,
  isSpanContextValid,
  propagation,
  ROOT_CONTEXT,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';

/** A span that is open while an SMP server executes one command. */
export interface CommandSpan {
  /** what the command sets off belongs under; the caller's own when nothing is recorded */
  readonly traceparent: string | undefined;
  /** @param error the response when it is one, such as `ERR AUTH` */
  end(error?: string): void;
}

const tracer = trace.getTracer('@chat-relays/telemetry');
const nothing = (): void => undefined;

/**
 * The server's side of a traced SMP command: the span `smp NEW` under the caller's.
 * Costs nothing for a command without a traceparent, and next to nothing without an SDK.
 */
export function commandSpan(
  command: string,
  traceparent: string | undefined,
  attributes?: Attributes,
): CommandSpan {
  if (traceparent === undefined) return { traceparent, end: nothing };
  const parent = propagation.extract(ROOT_CONTEXT, { traceparent });
  const span = tracer.startSpan(
    `smp ${command}`,
    { kind: SpanKind.SERVER, attributes: { 'messaging.system': 'nats', ...attributes } },
    parent,
  );
  const spanContext = span.spanContext();
  if (!isSpanContextValid(spanContext)) return { traceparent, end: nothing };
  return {
    traceparent: formatTraceparent(spanContext),
    end: (error) => {
      if (error !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: error });
      span.end();
    },
  };
}

/** The active trace by the names that logs use, or nothing. */
export function activeTrace(): { trace_id: string; span_id: string } | undefined {
  const spanContext = trace.getActiveSpan()?.spanContext();
  if (spanContext === undefined || !isSpanContextValid(spanContext)) return undefined;
  return { trace_id: spanContext.traceId, span_id: spanContext.spanId };
}

function formatTraceparent({ traceId, spanId, traceFlags }: SpanContext): string {
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
}
