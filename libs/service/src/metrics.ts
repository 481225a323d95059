import { Controller, Get, Header } from '@nestjs/common';
import type { NatsStrategy } from '@chat-relays/bus';
import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';

/** What Prometheus reads. Inject `Registry` of prom-client to add to it. */
@Controller('metrics')
export class MetricsController {
  constructor(private readonly registry: Registry) {}

  @Get()
  @Header('Content-Type', Registry.PROMETHEUS_CONTENT_TYPE)
  metrics(): Promise<string> {
    return this.registry.metrics();
  }
}

/** A registry with the figures of the process and of its requests. */
export function createRegistry(strategy: NatsStrategy): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  new Counter({
    name: 'chat_relays_requests_total',
    help: 'Requests and events on NATS by how they ended: replied, a code of refusal, or what was wrong with the payload.',
    labelNames: ['subject', 'outcome'],
    registers: [registry],
    collect() {
      this.reset();
      for (const { subject, outcome, count } of strategy.counters.list())
        this.inc({ subject, outcome }, count);
    },
  });
  new Gauge({
    name: 'chat_relays_requests_in_hand',
    help: 'Requests and events being handled.',
    registers: [registry],
    collect() {
      this.set(strategy.inHand);
    },
  });
  return registry;
}
