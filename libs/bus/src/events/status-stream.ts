import type { NatsConnection, Subscription } from '@nats-io/transport-node';
import { readPayload } from '../payload';
import { everyStatus, type StatusEvent, statusEvents } from './status-event';

const limits = { maxBytes: 8 * 1024 * 1024, maxDepth: 8 };

/** Status events as they come, from when it is made until it is closed. What is no status event is passed over. */
export class StatusStream implements AsyncIterable<StatusEvent> {
  private readonly subscription: Subscription;

  /** @param subject `statusSubject` of a half and noun, or of `*` for any */
  constructor(
    private readonly connection: NatsConnection,
    subject = everyStatus,
  ) {
    this.subscription = connection.subscribe(subject);
  }

  /** Resolves when NATS knows of it: whatever is told from then on comes. */
  async ready(): Promise<void> {
    await this.connection.flush();
  }

  close(): void {
    this.subscription.unsubscribe();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<StatusEvent> {
    for await (const { data } of this.subscription) {
      const payload = readPayload(data, limits);
      const read = statusEvents.safeParse('value' in payload ? payload.value : undefined);
      if (read.success) yield* read.data.events;
    }
  }
}
