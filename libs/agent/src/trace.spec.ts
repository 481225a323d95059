import { context, type Span, type SpanContext, trace, type Tracer } from '@opentelemetry/api';
import { arrival, execution, parseTraceparent, unobserved } from './trace';

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

describe('a traceparent', () => {
  it('is read', () => {
    expect(parseTraceparent(traceparent)).toEqual({
      traceId: '0af7651916cd43dd8448eb211c80319c',
      spanId: 'b7ad6b7169203331',
      traceFlags: 1,
      isRemote: true,
    });
  });

  it.each([
    undefined,
    '',
    'nonsense',
    traceparent.toUpperCase(),
    `${traceparent}-more`,
    traceparent.slice(0, -1),
    `01${traceparent.slice(2)}`,
  ])('counts as none when it is malformed: %s', (text) => expect(parseTraceparent(text)).toBeUndefined());
});

describe('without an SDK', () => {
  it('nobody listens, so a saga has no trace', () => {
    const span = arrival('relay.add 4 relay.chosen', { attributes: {} });
    expect(span.traceparent).toBeUndefined();
    expect(span.run(() => 7)).toBe(7);
    span.end({ outcome: 'moved' }, 'an error');
  });

  it('what came with a trace hands it on', () => {
    const span = execution('relay.add 5 JOIN', { parent: traceparent, attributes: {} });
    expect(span.traceparent?.slice(0, 35)).toBe(traceparent.slice(0, 35));
  });

  it('what is not traced costs nothing', () => {
    const span = unobserved();
    expect(span.traceparent).toBeUndefined();
    expect(span.run(() => 'done')).toBe('done');
    expect(span.end()).toBeUndefined();
  });
});

describe('with a provider', () => {
  const started: { name: string; parent?: SpanContext; links: number }[] = [];
  const own: SpanContext = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 1 };
  const tracer = {
    startSpan(name: string, options: { links?: unknown[] }, within: ReturnType<typeof context.active>): Span {
      started.push({ name, parent: trace.getSpanContext(within), links: options.links?.length ?? 0 });
      const ended = {
        spanContext: () => own,
        setAttributes: () => ended,
        setStatus: () => ended,
        end: () => undefined,
      };
      return ended as unknown as Span;
    },
  } as unknown as Tracer;

  beforeAll(() => trace.setGlobalTracerProvider({ getTracer: () => tracer }));
  afterAll(() => trace.disable());
  beforeEach(() => started.splice(0));

  it('a span names itself so that another process can go on', () => {
    const span = arrival('relay.add 4 relay.chosen', { attributes: {} });
    expect(span.traceparent).toBe(`00-${own.traceId}-${own.spanId}-01`);
    expect(parseTraceparent(span.traceparent)).toEqual({ ...own, isRemote: true });
  });

  it('the saga is the parent, the cause a link', () => {
    const cause = traceparent.replace('b7ad', 'c7ad');
    arrival('relay.add 7 x.grp.relay.acpt', { parent: traceparent, cause, attributes: {} });
    expect(started).toMatchObject([{ parent: { spanId: 'b7ad6b7169203331' }, links: 1 }]);
  });

  it('a cause that is the parent is no link', () => {
    arrival('relay.add 5 JOINED', { parent: traceparent, cause: traceparent, attributes: {} });
    expect(started).toMatchObject([{ links: 0 }]);
  });
});
