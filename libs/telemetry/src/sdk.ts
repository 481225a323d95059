import { NodeSDK, resources } from '@opentelemetry/sdk-node';

/** What the SDK takes where the operator says nothing. */
const defaults = {
  OTEL_TRACES_EXPORTER: 'otlp',
  OTEL_METRICS_EXPORTER: 'none',
  OTEL_LOGS_EXPORTER: 'none',
  OTEL_PROPAGATORS: 'tracecontext',
  // the SDK's 2048 drops spans silently at our rates
  OTEL_BSP_MAX_QUEUE_SIZE: '20000',
  // a process that is killed loses at most this much
  OTEL_BSP_SCHEDULE_DELAY: '500',
  OTEL_EXPORTER_OTLP_TIMEOUT: '5000',
};

/**
 * Starts the SDK from OTEL_… variables, exporting traces only and patching no library; what is queued is sent at exit.
 * @param env `process.env`: the SDK reads that itself
 */
export function startTelemetry(env: NodeJS.ProcessEnv): NodeSDK {
  for (const [name, value] of Object.entries(defaults)) env[name] ??= value;
  const instance = env.SERVICE_INSTANCE;
  const started = new NodeSDK({
    autoDetectResources: false,
    resource: resources
      .defaultResource()
      .merge(resources.detectResources({ detectors: [resources.envDetector] }))
      .merge(resources.resourceFromAttributes(instance ? { 'service.instance.id': instance } : {})),
    instrumentations: [],
  });
  started.start();
  process.once('beforeExit', () => void started.shutdown().catch(() => undefined));
  return started;
}
