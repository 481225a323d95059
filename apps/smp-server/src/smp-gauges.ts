import { Injectable } from '@nestjs/common';
import { SMP_VERSIONS, type QueueState } from '@chat-relays/smp';
import { Gauge, Registry } from 'prom-client';
import { queueFigures, type QueueFigures } from './queue-figures';

/** What the gauges look at when Prometheus asks. */
export interface SmpHoldings {
  /** unix seconds */
  readonly now: number;
  readonly queues: Iterable<QueueState>;
  readonly inMemory: number;
  /** as counted since the store was read */
  readonly stored: { readonly queues: number; readonly messages: number };
  readonly sessions: number;
}

type Figure = (figures: QueueFigures, holdings: SmpHoldings) => number;

const gauges: Readonly<Record<string, readonly [help: string, figure: Figure]>> = {
  simplex_smp_queues_total1: ['Queues, as they were counted.', (_, { stored }) => stored.queues],
  simplex_smp_queues_total2: ['Queues in the store.', (_, { inMemory }) => inMemory],
  simplex_smp_queues_daily: ['Queues with a command today.', ({ daily }) => daily],
  simplex_smp_queues_weekly: ['Queues with a command in the last 7 days.', ({ weekly }) => weekly],
  simplex_smp_queues_monthly: ['Queues with a command in the last 30 days.', ({ monthly }) => monthly],
  simplex_smp_messages_total: ['Messages in the store.', (_, { stored }) => stored.messages],
  simplex_smp_subscribtion_total: ['Subscribed queues.', ({ subscriptions }) => subscriptions],
  simplex_smp_subscribtion_clients_total: ['Sessions with subscriptions.', ({ subscribers }) => subscribers],
  simplex_smp_clients_total: ['Sessions.', (_, { sessions }) => sessions],
  simplex_smp_delivered_total: [
    'Subscribed queues with a message that is not acknowledged.',
    ({ delivered }) => delivered,
  ],
  simplex_smp_delivered_clients_total: ['Sessions with such a queue.', ({ deliveredTo }) => deliveredTo],
  simplex_smp_delivery_ack_pending_count: [
    'Messages that were delivered, by GET too, and are not acknowledged.',
    ({ ackPending }) => ackPending,
  ],
  simplex_smp_delivery_ack_time_max: [
    'Seconds since the first of them was delivered.',
    ({ ackOldestSeconds }) => ackOldestSeconds,
  ],
};

/** The gauges that SMP servers export, by their names: made when Prometheus asks, of one look at every queue. */
@Injectable()
export class SmpGauges {
  constructor(private readonly registry: Registry) {}

  watch(server: string, holdings: () => SmpHoldings): void {
    const made = Object.entries(gauges).map(([name, [help, figure]]) => ({
      figure,
      gauge: new Gauge({ name, help, registers: [] }),
    }));
    new Gauge({
      name: 'simplex_smp_info',
      help: 'What this server is.',
      labelNames: ['server', 'software', 'smp_versions'],
      registers: [this.registry],
      collect() {
        const { min, max } = SMP_VERSIONS;
        this.set({ server, software: 'chat-relays', smp_versions: `${min}-${max}` }, 1);
        const now = holdings();
        const figures = queueFigures(now.queues, now.now);
        for (const { figure, gauge } of made) gauge.set(figure(figures, now));
      },
    });
    // after the one that looks for all of them: a registry collects in the order of registration
    for (const { gauge } of made) this.registry.registerMetric(gauge);
  }
}
