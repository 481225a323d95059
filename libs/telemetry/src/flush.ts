import { ProxyTracerProvider, trace, type TracerProvider } from '@opentelemetry/api';

/** Sends the spans that have ended; waits no longer than `timeoutMs`, never throws, does nothing without an SDK. */
export async function flush(timeoutMs = 5_000): Promise<void> {
  const global = trace.getTracerProvider();
  const provider: TracerProvider & { forceFlush?(): Promise<void> } =
    global instanceof ProxyTracerProvider ? global.getDelegate() : global;
  if (provider.forceFlush === undefined) return;
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, timeoutMs);
  });
  await Promise.race([provider.forceFlush().catch(() => undefined), expired]);
  clearTimeout(timer);
}
