import { headers, type MsgHdrs } from '@nats-io/transport-node';

/** Traces of a block's transmissions, in NATS headers only: one value `"<index> <traceparent>"` for each traced one. */
const TRACEPARENT = 'traceparent';
const W3C = /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;
const VALUE = /^(\d{1,3}) (00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2})$/;

/** The headers of a block, or none when nothing in it is traced. What is no traceparent is left out. */
export function traceHeaders(transmissions: readonly { readonly trace?: string }[]): MsgHdrs | undefined {
  let carrier: MsgHdrs | undefined;
  transmissions.forEach(({ trace }, index) => {
    if (trace === undefined || !W3C.test(trace)) return;
    carrier ??= headers();
    carrier.append(TRACEPARENT, `${index} ${trace}`);
  });
  return carrier;
}

const NO_TRACES: ReadonlyMap<number, string> = new Map();

/** The traceparents of a block by the index of their transmission. Anything else in the headers is ignored. */
export function readTraceHeaders(carrier: MsgHdrs | undefined): ReadonlyMap<number, string> {
  if (!carrier) return NO_TRACES;
  const traces = new Map<number, string>();
  for (const value of carrier.values(TRACEPARENT)) {
    const match = VALUE.exec(value);
    if (match) traces.set(Number(match[1]), match[2]);
  }
  return traces;
}
