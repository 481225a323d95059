import { onboardingCost, type ProtocolName } from '@chat-relays/protocol';
import type { Span } from '@chat-relays/tools';

/** What adding one relay takes. */
export interface Counts {
  readonly messages: number;
  /** SMP commands that each half asked for */
  readonly owner: number;
  readonly relay: number;
}

export function countsOfTables(protocol: ProtocolName): Counts {
  const { messages, smp } = onboardingCost(protocol);
  return { messages: messages.length, owner: smp.owner.length, relay: smp.relay.length };
}

/** @param trace of one onboarding, whole @param relay its service's name */
export function countsOfTrace(trace: readonly Span[], relay: string): Counts {
  const services = new Map(trace.map(({ spanId, service }) => [spanId, service]));
  const askers = trace
    .filter(({ name }) => name.startsWith('smp '))
    .map(({ parentSpanId }) => services.get(parentSpanId ?? ''));
  return {
    messages: trace.filter(({ name }) => / x\./.test(name)).length,
    owner: askers.filter((service) => service !== relay).length,
    relay: askers.filter((service) => service === relay).length,
  };
}

export function isSame(one: Counts, other: Counts): boolean {
  return one.messages === other.messages && one.owner === other.owner && one.relay === other.relay;
}
