import { gzipSync } from 'node:zlib';
import { OtlpSink } from './otlp-sink';

const body = {
  resourceSpans: [
    {
      resource: { attributes: [{ key: 'service.name', value: { stringValue: 'relay-1' } }] },
      scopeSpans: [
        {
          spans: [
            {
              traceId: 'aa',
              spanId: '01',
              parentSpanId: '',
              name: 'relay.add 5 x.grp.relay.inv',
              kind: 5,
              startTimeUnixNano: '1700000000000500000',
              endTimeUnixNano: '1700000000012000000',
              attributes: [
                { key: 'rfc.step', value: { stringValue: '5' } },
                { key: 'attempt', value: { intValue: '2' } },
                { key: 'retried', value: { boolValue: false } },
                {
                  key: 'from',
                  value: { arrayValue: { values: [{ stringValue: 'New' }, { doubleValue: 0.5 }] } },
                },
              ],
              links: [{ traceId: 'bb', spanId: '09', flags: 1 }],
              status: { code: 2 },
            },
            {
              traceId: 'bb',
              spanId: '02',
              parentSpanId: '01',
              name: 'other',
              startTimeUnixNano: '1',
              endTimeUnixNano: '2',
            },
          ],
        },
      ],
    },
  ],
};

describe('OtlpSink', () => {
  let sink: OtlpSink;
  const post = (
    content: string | Buffer,
    headers: Record<string, string> = {},
    path = '/v1/traces',
  ): Promise<Response> => fetch(`${sink.endpoint}${path}`, { method: 'POST', body: content, headers });

  beforeEach(async () => (sink = await OtlpSink.start()));
  afterEach(() => sink.stop());

  it('reads what a span says', async () => {
    await post(JSON.stringify(body));
    expect(sink.trace('aa')).toEqual([
      {
        traceId: 'aa',
        spanId: '01',
        parentSpanId: undefined,
        name: 'relay.add 5 x.grp.relay.inv',
        kind: 'consumer',
        service: 'relay-1',
        start: 1700000000000.5,
        end: 1700000000012,
        attributes: { 'rfc.step': '5', attempt: 2, retried: false, from: ['New', 0.5] },
        links: [{ traceId: 'bb', spanId: '09' }],
        failed: true,
      },
    ]);
    expect(sink.trace('bb')).toMatchObject([{ parentSpanId: '01', kind: 'unspecified', failed: false }]);
  });

  it('takes gzip, and an export that is sent twice only once', async () => {
    const zipped = gzipSync(JSON.stringify(body));
    for (const _ of [1, 2]) await post(zipped, { 'content-encoding': 'gzip' });
    expect(sink.spans.map((span) => span.spanId)).toEqual(['01', '02']);
  });

  it('refuses what is no export, and lives on', async () => {
    expect((await post('{')).status).toBe(400);
    expect((await post('plain', { 'content-encoding': 'gzip' })).status).toBe(400);
    expect((await fetch(sink.endpoint)).status).toBe(405);
    expect((await post('{}', {}, '/v1/metrics')).status).toBe(200);
    expect(sink.spans).toEqual([]);
  });

  it('wakes who waits for a span, and tells what there is when it does not come', async () => {
    const waiting = sink.waitFor((spans) => spans.some((span) => span.name === 'other'));
    await post(JSON.stringify(body));
    expect(await waiting).toHaveLength(2);
    await expect(sink.waitFor((spans) => spans.length > 2, 20)).rejects.toThrow('relay-1: other');
  });
});
