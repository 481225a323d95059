import { Inject, Injectable } from '@nestjs/common';
import { DATABASE } from '@chat-relays/service';
import { countByStatus, type DataSource, relayFigures, type RelayFigures } from '@chat-relays/storage';
import { Gauge, Registry } from 'prom-client';
import { RELAY_NAME } from './relay';

const figures: { readonly [F in keyof RelayFigures]: { readonly name: string; readonly help: string } } = {
  members: { name: 'chat_relay_members', help: 'Members that the relay forwards to.' },
  pendingDeliveries: { name: 'chat_relay_pending_deliveries', help: 'Sends that are still to be made.' },
  oldestPendingSeconds: {
    name: 'chat_relay_oldest_pending_delivery_seconds',
    help: 'Age of the oldest message that is not with every member.',
  },
  messages24h: { name: 'chat_relay_messages_24h', help: 'Messages to forward of the last 24 hours.' },
};

/** The figures that relay operators scrape, under the names that they know from upstream. */
@Injectable()
export class RelayMetrics {
  constructor(registry: Registry, @Inject(DATABASE) source: DataSource, @Inject(RELAY_NAME) relay: string) {
    const gauges = Object.entries(figures).map(([figure, { name, help }]) => ({
      figure: figure as keyof RelayFigures,
      gauge: new Gauge({ name, help, registers: [] }),
    }));
    new Gauge({
      name: 'chat_relay_channels',
      help: "Channels by the relay's own status.",
      labelNames: ['status'],
      registers: [registry],
      async collect() {
        this.reset();
        const counts = await countByStatus(source, 'relay_own');
        for (const [status, count] of Object.entries(counts)) this.set({ status }, count);
        const read = await relayFigures(source, relay);
        for (const { figure, gauge } of gauges) gauge.set(read[figure]);
      },
    });
    // after the one that reads for all of them: a registry collects in the order of registration
    for (const { gauge } of gauges) registry.registerMetric(gauge);
  }
}
