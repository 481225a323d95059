import type { IncomingMessage, OwnQueue, Smp, SmpRequest } from '@chat-relays/agent';
import type { Response } from '@chat-relays/smp';
import type { NatsConnection } from '@nats-io/transport-node';
import { SmpRoad, type SmpRoadOptions } from './smp-road';

/** SMP over NATS for an agent: one road per server, each with its session, its subscriptions and its order. */
export class SmpClient implements Smp {
  private readonly roads = new Map<string, SmpRoad>();
  /** servers without subscriptions, and when they were last asked: strangers name new ones without end */
  private readonly lastAsked = new Map<string, number>();
  private readonly forgetting: NodeJS.Timeout;
  private closed = false;

  /** @param options.onMessages gets the messages of one block together */
  constructor(
    private readonly connection: NatsConnection,
    private readonly options: SmpRoadOptions,
  ) {
    void this.followReconnects();
    const forgetMs = options.forgetMs ?? 300_000;
    this.forgetting = setInterval(() => this.forget(forgetMs), forgetMs / 2);
  }

  /** Servers that this client has to do with. */
  get serverCount(): number {
    return this.roads.size;
  }

  request(server: string, request: SmpRequest): Promise<Response> {
    if (!this.roads.has(server) || this.lastAsked.has(server)) this.lastAsked.set(server, performance.now());
    return this.road(server).request(request);
  }

  /**
   * Resolves when the server has answered for each queue, be it that the queue does not exist (`onRefused`); until
   * then it keeps trying.
   */
  subscribe(server: string, queues: readonly OwnQueue[]): Promise<void> {
    this.lastAsked.delete(server);
    return this.road(server).subscribe(queues);
  }

  acknowledge(messages: readonly Pick<IncomingMessage, 'server' | 'recipientId' | 'msgId'>[]): void {
    for (const message of messages) this.road(message.server).acknowledge(message);
  }

  /** Forgets everything: outstanding requests fail with TemporaryError. */
  close(): void {
    this.closed = true;
    clearInterval(this.forgetting);
    for (const road of this.roads.values()) road.close();
    this.roads.clear();
  }

  private forget(forgetMs: number): void {
    for (const [server, at] of this.lastAsked) {
      if (performance.now() - at < forgetMs) continue;
      this.lastAsked.delete(server);
      this.roads.get(server)?.close();
      this.roads.delete(server);
    }
  }

  private road(server: string): SmpRoad {
    const known = this.roads.get(server);
    if (known) return known;
    const road = new SmpRoad(this.connection, server, this.options);
    if (this.closed) road.close();
    else this.roads.set(server, road);
    return road;
  }

  private async followReconnects(): Promise<void> {
    for await (const status of this.connection.status()) {
      if (this.closed) return;
      if (status.type !== 'reconnect') continue;
      for (const road of this.roads.values()) road.renew('NATS connection was lost');
    }
  }
}
