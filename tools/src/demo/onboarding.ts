import { onboardingDialogues, type ProtocolName, spans as spansOf } from '@chat-relays/protocol';
import type { OtlpSink } from '../otlp-sink';
import type { Span } from '../otlp-spans';

/** The name of every span that adding a relay makes, at owner, relay and their SMP servers, by the tables. */
export function predictedSpans(protocol: ProtocolName): string[] {
  return onboardingDialogues(protocol).flatMap((dialogue) => spansOf(dialogue).map(({ name }) => name));
}

/** The trace of one onboarding, once it has every span that the tables predict; retries may have made more. */
export async function onboardingTrace(
  sink: OtlpSink,
  relay: string,
  since: number,
  protocol: ProtocolName = 'paired',
): Promise<Span[]> {
  const predicted = tally(predictedSpans(protocol));
  let trace: Span[] = [];
  await sink.waitFor((spans) => {
    const root = spans.find(
      ({ name, start, attributes }) =>
        name.endsWith(' relay.chosen') && start >= since && recordOf(attributes).endsWith(`/${relay}`),
    );
    trace = root ? spans.filter(({ traceId }) => traceId === root.traceId) : [];
    const found = tally(trace.map(({ name }) => name));
    return [...predicted].every(([name, count]) => (found.get(name) ?? 0) >= count);
  });
  return trace;
}

function tally(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

function recordOf(attributes: Span['attributes']): string {
  const id = attributes['record.id'];
  return typeof id === 'string' ? id : '';
}
