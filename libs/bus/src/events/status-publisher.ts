import type { NatsConnection } from '@nats-io/transport-node';
import { type StatusEvent, statusSubject } from './status-event';

/** NATS servers take 1 MiB unless told otherwise. */
const MOST_BYTES = 256 * 1024;

/** Gathers what is told in one turn of the event loop, such as a commit's: one message for each noun. */
export class StatusPublisher {
  private waiting = new Map<string, string[]>();
  private turn: NodeJS.Immediate | undefined;

  constructor(private readonly connection: NatsConnection) {}

  add(half: string, event: StatusEvent): void {
    const subject = statusSubject(half, event.noun);
    const text = JSON.stringify(event);
    if (!this.waiting.get(subject)?.push(text)) this.waiting.set(subject, [text]);
    this.turn ??= setImmediate(() => this.flush());
  }

  /** Publishes what is gathered; what cannot be published any more is lost. */
  flush(): void {
    clearImmediate(this.turn);
    this.turn = undefined;
    const waiting = this.waiting;
    this.waiting = new Map();
    if (this.connection.isClosed() || this.connection.isDraining()) return;
    for (const [subject, texts] of waiting) {
      for (const payload of payloads(texts)) this.connection.publish(subject, payload);
    }
  }
}

function* payloads(texts: readonly string[]): Generator<string> {
  let from = 0;
  let bytes = 0;
  for (const [index, text] of texts.entries()) {
    const length = Buffer.byteLength(text) + 1;
    if (index > from && bytes + length > MOST_BYTES) {
      yield `{"events":[${texts.slice(from, index).join(',')}]}`;
      from = index;
      bytes = 0;
    }
    bytes += length;
  }
  yield `{"events":[${texts.slice(from).join(',')}]}`;
}
