/**
 * `node --import @chat-relays/telemetry/register dist/main.js`: traces are exported when OTEL_EXPORTER_OTLP_ENDPOINT is set.
 * Otherwise nothing is loaded, and every span of the program costs next to nothing.
 */
import type * as sdk from './sdk';

if (process.env.OTEL_EXPORTER_OTLP_ENDPOINT) {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded only where it is wanted, and before main
  (require('./sdk') as typeof sdk).startTelemetry(process.env);
}
