import { type Noun, waitingRecords } from '@chat-relays/agent';
import { countByStatus, countCommands, countStuck, type DataSource } from '@chat-relays/storage';
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

/** Records that wait for their peer for too long, and a zero for each status in which they might; read when scraped. */
export function gaugeStuck(
  registry: Registry,
  source: DataSource,
  { nouns, stuckAfterMs }: { readonly nouns: readonly Noun[]; readonly stuckAfterMs: number },
): void {
  const waiting = waitingRecords.filter(({ noun }) => nouns.includes(noun));
  new Gauge({
    name: 'chat_relay_stuck',
    help: 'Records that only a peer can go on with, and has not for STUCK_AFTER_MS.',
    labelNames: ['noun', 'status'],
    registers: [registry],
    async collect() {
      this.reset();
      for (const { noun, status } of waiting) this.set({ noun, status }, 0);
      for (const { noun, status, count } of await countStuck(source, waiting, Date.now() - stuckAfterMs))
        this.set({ noun, status }, count);
    },
  });
}
