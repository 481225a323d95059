/**
 * `node --import @chat-relays/telemetry/register dist/main.js`: traces are exported when OTEL_EXPORTER_OTLP_ENDPOINT is set.
 * Otherwise nothing is loaded, and every span of the program costs next to nothing.
 */
import type * as sdk from './sdk';

if (process.env.OTEL_EXPORTER_OTLP_ENDPOINT) {
  (require('./sdk') as typeof sdk).startTelemetry(process.env);
}
