import { AsyncLocalStorage } from 'node:async_hooks';
import { type Context, context, createContextKey, propagation, ROOT_CONTEXT } from '@opentelemetry/api';
import { headers } from '@nats-io/transport-node';
import { extractTrace, injectTrace } from './headers';

const key = createContextKey('spec');
const storage = new AsyncLocalStorage<Context>();

describe('the trace in headers', () => {
  beforeAll(() => {
    context.setGlobalContextManager({
      active: () => storage.getStore() ?? ROOT_CONTEXT,
      with: (active, work, self, ...args) => storage.run(active, () => work.apply(self, args)),
      bind: (_, target) => target,
      enable() {
        return this;
      },
      disable() {
        return this;
      },
    });
    propagation.setGlobalPropagator({
      inject: (from, carrier, setter) => {
        const value = from.getValue(key);
        if (value !== undefined) setter.set(carrier, 'traceparent', value as string);
      },
      extract: (from, carrier, getter) => from.setValue(key, getter.get(carrier, 'traceparent')),
      fields: () => ['traceparent'],
    });
  });
  afterAll(() => {
    context.disable();
    propagation.disable();
  });

  it('goes out and comes in', () => {
    const carrier = context.with(ROOT_CONTEXT.setValue(key, '00-1-2-01'), injectTrace);
    expect(carrier?.get('traceparent')).toBe('00-1-2-01');
    expect(extractTrace(carrier).getValue(key)).toBe('00-1-2-01');
  });

  it('is absent where nothing is traced', () => {
    expect(injectTrace()).toBeUndefined();
    expect(extractTrace(undefined)).toBe(ROOT_CONTEXT);
    // NATS says '' for what is not there
    expect(extractTrace(headers()).getValue(key)).toBeUndefined();
  });
});
