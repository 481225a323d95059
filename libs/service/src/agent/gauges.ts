import type { Noun } from '@chat-relays/agent';
import { countByStatus, countCommands, type DataSource } from '@chat-relays/storage';
import { Gauge, type Registry } from 'prom-client';

/** How many records are in each status (who is stuck shows here), and how many commands wait; read when scraped. */
export function gaugeRecords(registry: Registry, source: DataSource, nouns: readonly Noun[]): void {
  new Gauge({
    name: 'chat_relays_records',
    help: 'Records by noun and status.',
    labelNames: ['noun', 'status'],
    registers: [registry],
    async collect() {
      this.reset();
      for (const noun of nouns) {
        for (const [status, count] of Object.entries(await countByStatus(source, noun))) {
          this.set({ noun, status }, count);
        }
      }
    },
  });
  new Gauge({
    name: 'chat_relays_commands_queued',
    help: 'Commands that wait for their turn, their server or their reply.',
    registers: [registry],
    async collect() {
      this.set(await countCommands(source));
    },
  });
}
