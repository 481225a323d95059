import { EMPTY, encodeCommand, type Command, type Outgoing, type ServerSession } from '@chat-relays/smp';
import { NodeSDK, tracing } from '@opentelemetry/sdk-node';
import { CommandSpans } from './command-spans';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const trace = `00-${traceId}-b7ad6b7169203331-01`;
const exporter = new tracing.InMemorySpanExporter();
const sdk = new NodeSDK({
  autoDetectResources: false,
  spanProcessors: [new tracing.SimpleSpanProcessor(exporter)],
  metricReaders: [],
  logRecordProcessors: [],
});

beforeAll(() => sdk.start());
afterAll(() => sdk.shutdown());

const corrId = (number: number) => Buffer.alloc(24, number);
const incoming = (name: string, number: number, command: Command) => ({
  session: { name } as ServerSession,
  transmission: {
    authorization: EMPTY,
    corrId: corrId(number),
    entityId: corrId(9),
    body: encodeCommand(command),
    authorized: EMPTY,
  },
});
const answer = (number: number, response: Outgoing['response']): Outgoing => ({
  corrId: corrId(number),
  entityId: corrId(9),
  response,
});

test('one span for each traced command, with the error that it was answered; none for the others', () => {
  const spans = new CommandSpans();
  const send: Command = { kind: 'SEND', notify: false, body: EMPTY };
  const goesOn = spans.start({ ...incoming('a', 1, send), trace });
  expect(spans.start(incoming('a', 2, send))).toBeUndefined();
  spans.start({ ...incoming('b', 1, { kind: 'DEL' }), trace });
  expect(exporter.getFinishedSpans()).toHaveLength(0);
  spans.end(
    new Map([
      ['a', [answer(1, { kind: 'OK' }), answer(2, { kind: 'OK' })]],
      ['b', [{ ...answer(1, { kind: 'END' }), corrId: EMPTY }, answer(1, { kind: 'ERR', error: 'AUTH' })]],
    ]),
  );
  const finished = exporter.getFinishedSpans();
  expect(finished.map((span) => [span.name, span.status.message])).toEqual([
    ['smp SEND', undefined],
    ['smp DEL', 'ERR AUTH'],
  ]);
  expect(finished.map((span) => span.spanContext().traceId)).toEqual([traceId, traceId]);
  expect(goesOn).toBe(`00-${traceId}-${finished[0].spanContext().spanId}-01`);
});
