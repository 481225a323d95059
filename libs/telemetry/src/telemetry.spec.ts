import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { NodeSDK, tracing } from '@opentelemetry/sdk-node';
import { flush } from './flush';
import { activeTrace, commandSpan } from './spans';

const parent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

describe('without an SDK', () => {
  it('passes the trace on, records nothing and flushes at once', async () => {
    const span = commandSpan('NEW', parent);
    expect(span.traceparent).toBe(parent);
    span.end('ERR AUTH');
    expect(activeTrace()).toBeUndefined();
    await expect(flush()).resolves.toBeUndefined();
  });
});

describe('with an SDK', () => {
  const exporter = new tracing.InMemorySpanExporter();
  const processor = new tracing.BatchSpanProcessor(exporter, { scheduledDelayMillis: 60_000 });
  const sdk = new NodeSDK({
    autoDetectResources: false,
    spanProcessors: [processor],
    metricReaders: [],
    logRecordProcessors: [],
  });

  beforeAll(() => sdk.start());
  afterAll(() => sdk.shutdown());
  beforeEach(() => exporter.reset());

  it("puts a command's span under the caller's, and what follows under that", async () => {
    const first = commandSpan('SEND', parent, { attempt: 1 });
    const second = commandSpan('MSG', first.traceparent);
    second.end();
    first.end('ERR AUTH');
    expect(exporter.getFinishedSpans()).toEqual([]);
    await flush();
    const [msg, send] = exporter.getFinishedSpans();
    expect(send).toMatchObject({
      name: 'smp SEND',
      kind: SpanKind.SERVER,
      attributes: { 'messaging.system': 'nats', attempt: 1 },
      status: { code: SpanStatusCode.ERROR, message: 'ERR AUTH' },
      parentSpanContext: { spanId: 'b7ad6b7169203331' },
    });
    const { traceId, spanId } = send.spanContext();
    expect(traceId).toBe('0af7651916cd43dd8448eb211c80319c');
    expect(first.traceparent).toBe(`00-${traceId}-${spanId}-01`);
    expect(msg.parentSpanContext?.spanId).toBe(spanId);
  });

  it('records nothing for a command without a trace', async () => {
    const span = commandSpan('PING', undefined);
    span.end();
    await flush();
    expect(span.traceparent).toBeUndefined();
    expect(exporter.getFinishedSpans()).toEqual([]);
  });

  it('survives a traceparent that is not one', async () => {
    commandSpan('PING', 'nonsense').end();
    await flush();
    expect(exporter.getFinishedSpans()[0]?.parentSpanContext).toBeUndefined();
  });

  it('tells the active trace', () => {
    const [, traceId, spanId] = parent.split('-');
    const span = trace.wrapSpanContext({ traceId, spanId, traceFlags: 1 });
    expect(context.with(trace.setSpan(context.active(), span), activeTrace)).toEqual({
      trace_id: traceId,
      span_id: spanId,
    });
  });

  it('does not wait for ever for a flush', async () => {
    const stuck = { forceFlush: () => new Promise(() => undefined) };
    jest.spyOn(trace, 'getTracerProvider').mockReturnValueOnce(stuck as never);
    await expect(flush(20)).resolves.toBeUndefined();
  });
});
