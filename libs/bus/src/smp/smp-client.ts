import type { IncomingMessage, Smp, SmpRequest } from '@chat-relays/agent';
import type { Response } from '@chat-relays/smp';
import type { NatsConnection } from '@nats-io/transport-node';
import { SmpRoad, type SmpRoadOptions } from './smp-road';

/** SMP over NATS for an agent: one road per server, each with its session, its subscriptions and its order. */
export class SmpClient implements Smp {
  private readonly roads = new Map<string, SmpRoad>();
  private closed = false;

  /** @param options.onMessages gets the messages of one block together */
  constructor(
    private readonly connection: NatsConnection,
    private readonly options: SmpRoadOptions,
  ) {
    void this.followReconnects();
  }

  request(server: string, request: SmpRequest): Promise<Response> {
    return this.road(server).request(request);
  }

  /**
   * Resolves when the server has answered for each queue, be it that the queue does not exist (`onRefused`); until
   * then it keeps trying.
   */
  subscribe(server: string, recipientIds: readonly Uint8Array[]): Promise<void> {
    return this.road(server).subscribe(recipientIds);
  }

  acknowledge(messages: readonly IncomingMessage[]): void {
    for (const message of messages) this.road(message.server).acknowledge(message);
  }

  /** Forgets everything: outstanding requests fail with TemporaryError. */
  close(): void {
    this.closed = true;
    for (const road of this.roads.values()) road.close();
    this.roads.clear();
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
