import { onboardingTrace, predictedSpans, type Span } from '@chat-relays/tools';
import { RELAYS, Town } from '../town';

function sorted(names: readonly string[]): string[] {
  return [...names].sort();
}

describe('adding a relay is one trace', () => {
  let town: Town;

  beforeAll(async () => {
    town = await Town.start();
  });

  afterAll(() => town.stop());

  it.each(['full', 'paired'] as const)(
    'with exactly the spans that the tables predict, across owner, both SMP servers and relay: %s',
    async (protocol) => {
      const since = Date.now();
      const channel = await town.channel('traced', protocol);
      await channel.relaysConfirmed();
      const traces = await Promise.all(
        RELAYS.map((relay) => onboardingTrace(town.sink, relay, since, protocol)),
      );
      for (const [index, trace] of traces.entries()) {
        expect(sorted(trace.map(({ name }) => name))).toEqual(sorted(predictedSpans(protocol)));
        expect(sorted([...new Set(trace.map(({ service }) => service))])).toEqual(
          sorted(['owner-agent', 'smp-owner', 'smp-relays', RELAYS[index]]),
        );
        expect(orphans(trace)).toEqual([]);
      }
      expect(new Set(traces.map(([span]) => span.traceId)).size).toBe(RELAYS.length);
    },
  );

  it.each([
    ['owner-agent', 'owner.11.LSET.after-execute:1'],
    ['relay-1', 'relay.9.INV.after-commit:1'],
    ['smp-owner', 'smp.commit.after:4'],
    ['smp-relays', 'smp.commit.before:5'],
  ])('still one, and none missing, when %s is killed at %s', async (service, failpoint) => {
    const since = Date.now();
    await town.arm(service, failpoint);
    const creation = town.channel('traced');
    await town.revive(service);
    await (await creation).relaysConfirmed();
    const trace = await onboardingTrace(town.sink, 'relay-1', since);
    const names = new Set(trace.map(({ name }) => name));
    expect(sorted([...names])).toEqual(sorted([...new Set(predictedSpans('paired'))]));
    const others = town.sink.spans.filter(
      ({ traceId, start, attributes }) =>
        start >= since && traceId !== trace[0].traceId && isOf(attributes['record.id'], 'relay-1'),
    );
    expect(others.map(({ name }) => name)).toEqual([]);
  });
});

function isOf(recordId: unknown, relay: string): boolean {
  return typeof recordId === 'string' && (recordId.endsWith(`/${relay}`) || recordId.startsWith(`${relay}/`));
}

/** Spans whose parent is not in the trace: only the first has none. */
function orphans(trace: readonly Span[]): string[] {
  const ids = new Set(trace.map(({ spanId }) => spanId));
  const [, ...others] = trace.filter(
    ({ parentSpanId }) => parentSpanId === undefined || !ids.has(parentSpanId),
  );
  return others.map(({ name }) => name);
}
