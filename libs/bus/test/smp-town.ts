/** For specs: one SMP server without a store and clients of it, on two connections to a real NATS. */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from '@chat-relays/agent';
import { realCrypto, ServerCore, type Response } from '@chat-relays/smp';
import { TestQueue } from '@chat-relays/simulation';
import type { NatsConnection } from '@nats-io/transport-node';
import { connectBus, drainBus } from '../src/connection';
import { SmpClient } from '../src/smp/smp-client';
import { SmpListener, type IncomingCommand, type RejectedPayload } from '../src/smp/smp-listener';
import type { SmpRoadOptions } from '../src/smp/smp-road';

export async function until(what: string, condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`waited for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** The core behind a listener, with switches to misbehave. */
export class TestSmpServer {
  readonly core = new ServerCore({
    ...{ quota: 4, padded: false, crypto: realCrypto, admitsNew: () => true },
    ...{ now: () => 1_700_000_000, randomBytes },
  });
  readonly blocks: (readonly IncomingCommand[])[] = [];
  readonly rejected: RejectedPayload[] = [];
  readonly listener: SmpListener;
  deaf = false;
  failing = false;

  constructor(connection: NatsConnection, name: string, idleMs = 60_000) {
    this.listener = new SmpListener(connection, {
      server: name,
      idleMs,
      onCommands: (commands) => this.execute(commands),
      onSessionEnd: (session) => this.core.dropSession(session),
      onRejected: (reason) => void this.rejected.push(reason),
    });
  }

  private execute(commands: readonly IncomingCommand[]): void {
    this.blocks.push(commands);
    if (this.deaf) return;
    const batch = this.core.begin();
    for (const { session, transmission, trace } of commands) batch.apply(session, transmission, trace);
    this.listener.send(this.failing ? batch.discard() : batch.commit());
  }

  kinds(): string[] {
    return this.blocks
      .flat()
      .map(({ transmission }) => Buffer.from(transmission.body).toString('latin1', 0, 4).trim());
  }
}

let towns = 0;

export class SmpTown {
  readonly name = `smp-spec-${process.pid}-${++towns}.example`;
  private readonly clients: SmpClient[] = [];
  server: TestSmpServer;

  constructor(
    readonly serverBus: NatsConnection,
    readonly clientBus: NatsConnection,
  ) {
    this.server = new TestSmpServer(serverBus, this.name);
  }

  newClient(options: Partial<SmpRoadOptions> = {}) {
    const messages: IncomingMessage[] = [];
    const lost: string[] = [];
    const ended: Uint8Array[] = [];
    const client = new SmpClient(this.clientBus, {
      timeoutMs: 3_000,
      pingMs: 60_000,
      backOffMs: { first: 10, last: 50 },
      onMessages: (arrived) => void messages.push(...arrived),
      onLost: (_server, reason) => void lost.push(reason),
      onEnded: (_server, recipientId) => void ended.push(recipientId),
      ...options,
    });
    this.clients.push(client);
    return { client, messages, lost, ended };
  }

  create(client: SmpClient, subscribe = true): Promise<TestQueue> {
    return TestQueue.create(client, this.name, { subscribe });
  }

  send(client: SmpClient, senderId: Uint8Array, text: string, trace?: string): Promise<Response> {
    return client.request(this.name, {
      entityId: senderId,
      command: { kind: 'SEND', notify: false, body: Buffer.from(text) },
      ...(trace && { trace }),
    });
  }

  async close(): Promise<void> {
    for (const client of this.clients) client.close();
    await this.server.listener.stop();
    await drainBus(this.clientBus);
    await drainBus(this.serverBus);
  }
}

export async function openTown(servers = ''): Promise<SmpTown> {
  const serverBus = await connectBus({ servers, name: 'smp spec server', timeoutMs: 60_000 });
  const clientBus = await connectBus({ servers, name: 'smp spec client', timeoutMs: 60_000 });
  const town = new SmpTown(serverBus, clientBus);
  await town.server.listener.start();
  return town;
}
