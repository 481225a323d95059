/** A span as a test or the demo wants it. Times are milliseconds since 1970, with fractions. */
export interface Span {
  traceId: string;
  spanId: string;
  parentSpanId: string | undefined;
  name: string;
  kind: SpanKind;
  service: string;
  start: number;
  end: number;
  attributes: Record<string, AttributeValue>;
  links: { traceId: string; spanId: string }[];
  failed: boolean;
}

export type AttributeValue =
  string | number | boolean | AttributeValue[] | { [name: string]: AttributeValue } | null;

const kinds = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] as const;
export type SpanKind = (typeof kinds)[number];

/** The body of `POST /v1/traces` in OTLP's JSON, as far as we read it. */
export interface OtlpTraces {
  resourceSpans?: {
    resource?: { attributes?: OtlpAttribute[] };
    scopeSpans?: { spans?: OtlpSpan[] }[];
  }[];
}

interface OtlpSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind?: number | string;
  startTimeUnixNano: string | number;
  endTimeUnixNano: string | number;
  attributes?: OtlpAttribute[];
  links?: { traceId: string; spanId: string }[];
  status?: { code?: number | string };
}

interface OtlpAttribute {
  key: string;
  value?: OtlpValue;
}

interface OtlpValue {
  stringValue?: string;
  boolValue?: boolean;
  intValue?: string | number;
  doubleValue?: number;
  arrayValue?: { values?: OtlpValue[] };
  kvlistValue?: { values?: OtlpAttribute[] };
  bytesValue?: string;
}

/** The spans of one export. */
export function spansOf(body: OtlpTraces): Span[] {
  return (body.resourceSpans ?? []).flatMap(({ resource, scopeSpans }) => {
    const service = serviceOf(resource?.attributes);
    return (scopeSpans ?? []).flatMap(({ spans }) => (spans ?? []).map((span) => spanOf(span, service)));
  });
}

function serviceOf(attributes: OtlpAttribute[] | undefined): string {
  return attributes?.find(({ key }) => key === 'service.name')?.value?.stringValue ?? 'unknown';
}

function spanOf(span: OtlpSpan, service: string): Span {
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId || undefined,
    name: span.name,
    kind: kindOf(span.kind),
    service,
    start: milliseconds(span.startTimeUnixNano),
    end: milliseconds(span.endTimeUnixNano),
    attributes: attributesOf(span.attributes),
    links: (span.links ?? []).map(({ traceId, spanId }) => ({ traceId, spanId })),
    failed: span.status?.code === 2 || span.status?.code === 'STATUS_CODE_ERROR',
  };
}

function kindOf(kind: number | string | undefined): SpanKind {
  const index =
    typeof kind === 'string' ? kinds.indexOf(kind.replace('SPAN_KIND_', '').toLowerCase() as SpanKind) : kind;
  return kinds[index ?? 0] ?? 'unspecified';
}

/** Nanoseconds since 1970 do not fit a number; microseconds do. */
function milliseconds(nanoseconds: string | number): number {
  return Number(BigInt(nanoseconds) / 1000n) / 1000;
}

function attributesOf(list: OtlpAttribute[] | undefined): Record<string, AttributeValue> {
  return Object.fromEntries((list ?? []).map(({ key, value }) => [key, valueOf(value)]));
}

function valueOf(value: OtlpValue | undefined): AttributeValue {
  if (!value) return null;
  if (value.intValue !== undefined) return Number(value.intValue);
  if (value.arrayValue) return (value.arrayValue.values ?? []).map(valueOf);
  if (value.kvlistValue) return attributesOf(value.kvlistValue.values);
  return value.stringValue ?? value.boolValue ?? value.doubleValue ?? value.bytesValue ?? null;
}
