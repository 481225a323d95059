import { type Context, context, propagation, ROOT_CONTEXT } from '@opentelemetry/api';
import { headers, type MsgHdrs } from '@nats-io/transport-node';

const getter = {
  keys: (carrier: MsgHdrs): string[] => carrier.keys(),
  // NATS answers '' for a header that is absent
  get: (carrier: MsgHdrs, key: string): string | undefined => carrier.get(key) || undefined,
};

const setter = { set: (carrier: MsgHdrs, key: string, value: string): void => carrier.set(key, value) };

/** The trace that a message belongs to, as W3C headers tell. */
export function extractTrace(carrier: MsgHdrs | undefined): Context {
  return carrier === undefined ? ROOT_CONTEXT : propagation.extract(ROOT_CONTEXT, carrier, getter);
}

/** Headers with the active trace, or none when nothing is traced. */
export function injectTrace(): MsgHdrs | undefined {
  const carrier = headers();
  propagation.inject(context.active(), carrier, setter);
  return carrier.keys().length === 0 ? undefined : carrier;
}
