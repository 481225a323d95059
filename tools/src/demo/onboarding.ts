import { dialogueOf, spans as spansOf } from '@chat-relays/protocol';
import type { OtlpSink } from '../otlp-sink';
import type { Span } from '../otlp-spans';

/** The name of every span that adding a relay makes, at its owner and at the relay, by the tables. */
export function predictedSpans(protocol: string): string[] {
  const halves = [dialogueOf(protocol, 'group_relay'), dialogueOf(protocol, 'relay_own')];
  return halves.flatMap((dialogue) => spansOf(dialogue).map(({ name }) => name));
}

/** The trace of one onboarding, once it has all the spans that the tables predict. */
export async function onboardingTrace(sink: OtlpSink, relay: string, since: number): Promise<Span[]> {
  const predicted = new Set(predictedSpans('full'));
  let trace: Span[] = [];
  await sink.waitFor((spans) => {
    const root = spans.find(
      ({ name, start, attributes }) =>
        name === 'relay.add 4 relay.chosen' && start >= since && recordOf(attributes).endsWith(`/${relay}`),
    );
    trace = root ? spans.filter(({ traceId }) => traceId === root.traceId) : [];
    const names = new Set(trace.map(({ name }) => name));
    return [...predicted].every((name) => names.has(name));
  });
  return trace;
}

function recordOf(attributes: Span['attributes']): string {
  const id = attributes['record.id'];
  return typeof id === 'string' ? id : '';
}
