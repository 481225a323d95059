import { Logger } from '@nestjs/common';
import { type CustomTransportStrategy, type MessageHandler, Server } from '@nestjs/microservices';
import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import { context } from '@opentelemetry/api';
import { isObservable, lastValueFrom } from 'rxjs';
import { type RequestError, scopedSubject } from './contract';
import { RequestCounters } from './counters';
import { extractTrace } from './headers';
import { type PayloadFault, type PayloadLimits, readPayload } from './payload';

export interface NatsStrategyOptions {
  /** owned by the caller, who drains it after `close` */
  readonly connection: NatsConnection;
  /** the queue group: of several processes with the same one, one gets each message */
  readonly queue: string;
  /** stands for the `*` of the patterns */
  readonly scope?: string;
  readonly maxBytes?: number;
  readonly maxDepth?: number;
  /** more at a time are refused as `busy` */
  readonly maxInFlight?: number;
}

const sentences: Record<PayloadFault | 'busy' | 'internal', string> = {
  empty: 'the request is empty; a JSON object is expected',
  too_large: 'the request is too large',
  not_json: 'the request is not JSON',
  too_deep: 'the request is nested too deep',
  busy: 'too many requests at a time; try again',
  internal: 'the service failed on this request; its log says why',
};

/**
 * NATS as a Nest transport: plain JSON requests and events, on the connection that the rest of the service uses.
 * Whatever arrives, the service lives: what cannot be read is counted, logged without its content, and answered.
 */
export class NatsStrategy extends Server implements CustomTransportStrategy {
  readonly counters = new RequestCounters();
  protected override readonly logger = new Logger('bus');
  private readonly limits: PayloadLimits;
  private readonly inFlight = new Set<Promise<void>>();
  private subscriptions: Subscription[] = [];

  constructor(private readonly options: NatsStrategyOptions) {
    super();
    this.limits = { maxBytes: options.maxBytes ?? 1_048_576, maxDepth: options.maxDepth ?? 32 };
  }

  /** Subscribes every pattern; calls back when the server knows of all. */
  async listen(callback: (error?: unknown) => void): Promise<void> {
    const { connection, queue, scope } = this.options;
    try {
      this.subscriptions = [...this.messageHandlers].map(([pattern, handler]) =>
        connection.subscribe(scopedSubject(pattern, scope), {
          queue,
          callback: (error, message) =>
            error ? this.logger.error(error) : this.receive(pattern, handler, message),
        }),
      );
      await connection.flush();
      callback();
    } catch (error) {
      callback(error);
    }
  }

  /** Takes no more messages, and waits for those in hand. */
  async close(): Promise<void> {
    const subscriptions = this.subscriptions.splice(0).filter((subscription) => !subscription.isClosed());
    await Promise.all(subscriptions.map((subscription) => subscription.drain()));
    await Promise.all(this.inFlight);
  }

  /** The NATS client; it has a status iterator of its own, so that this strategy emits no events. */
  unwrap<T>(): T {
    return this.options.connection as T;
  }

  on(): void {}

  /** Requests and events being handled now. */
  get inHand(): number {
    return this.inFlight.size;
  }

  private receive(pattern: string, handler: MessageHandler, message: Msg): void {
    const payload = readPayload(message.data, this.limits);
    if ('fault' in payload) return this.reject(pattern, message, payload.fault);
    if (this.inFlight.size >= (this.options.maxInFlight ?? 1_000))
      return this.reject(pattern, message, 'busy');
    const work: Promise<void> = context
      .with(extractTrace(message.headers), () => this.handle(pattern, handler, payload.value, message))
      .catch((error: unknown) =>
        this.logger.error({ msg: 'no answer could be sent', subject: pattern, err: error }),
      )
      .finally(() => this.inFlight.delete(work));
    this.inFlight.add(work);
  }

  private async handle(pattern: string, handler: MessageHandler, data: unknown, message: Msg): Promise<void> {
    try {
      for (let next: MessageHandler | undefined = handler; next; next = next.next) {
        const reply = await run(next, data);
        if (!next.isEventHandler) answer(message, reply ?? {});
      }
      this.counters.add(pattern, 'replied');
    } catch (thrown) {
      const error = requestError(thrown);
      this.counters.add(pattern, error.code);
      if (!handler.isEventHandler) answer(message, { error });
    }
  }

  private reject(pattern: string, message: Msg, reason: PayloadFault | 'busy'): void {
    this.counters.add(pattern, reason);
    this.logger.warn({ msg: 'payload rejected', subject: pattern, size: message.data.length, reason });
    try {
      answer(message, { error: { code: reason, message: sentences[reason] } });
    } catch (error) {
      this.logger.error({ msg: 'no answer could be sent', subject: pattern, err: error });
    }
  }
}

/** Nest's handlers answer a promise of an observable, or any part of that. */
async function run(handler: MessageHandler, data: unknown): Promise<unknown> {
  const result: unknown = await handler(data);
  return isObservable(result) ? lastValueFrom(result, { defaultValue: undefined }) : result;
}

function answer(message: Msg, reply: unknown): void {
  if (message.reply) message.respond(JSON.stringify(reply));
}

/** What a `RequestRefused` says; of anything else Nest has logged the error and thrown a stand-in. */
function requestError(thrown: unknown): RequestError {
  const { code, message, issues } = (thrown ?? {}) as Partial<RequestError>;
  if (typeof code !== 'string' || typeof message !== 'string')
    return { code: 'internal', message: sentences.internal };
  return { code, message, ...(issues === undefined ? {} : { issues }) };
}
