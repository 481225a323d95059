import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Agent, isStuck, type Noun, type Observation, realCrypto, StuckTimer } from '@chat-relays/agent';
import { type NatsConnection, SmpClient } from '@chat-relays/bus';
import { AgentStore, type DataSource, DeliveryStore, MessageStore } from '@chat-relays/storage';
import { PinoLogger } from 'nestjs-pino';
import { Registry } from 'prom-client';
import type { Failpoint } from '../failpoint';
import { RandomPool } from '../random-pool';
import { BUS, DATABASE, FAILPOINT } from '../service-module';
import { gaugeRecords, gaugeStuck } from './gauges';
import { Observer } from './observer';
import { StatusEvents, type StatusEventsScope } from './status-events';

export interface AgentSettings {
  /** the SMP server at which this agent's queues are */
  readonly server: string;
  /** of the relay; owners' and members' agents host many identities */
  readonly identity?: string;
  /** the records that this agent has, for the gauges of their statuses */
  readonly nouns: readonly Noun[];
  readonly retry: { readonly initialMs: number; readonly maxMs: number };
  /** messages to peers have one size */
  readonly padded: boolean;
  /** how often what may have changed untold is looked at */
  readonly checkMs: number;
  /** how long an SMP server has not a queue before the queue is lost */
  readonly lostAfterMs: number;
  /** how long a record waits for its peer before it is stuck */
  readonly stuckAfterMs: number;
  readonly statusEvents: StatusEventsScope;
  /** what the SMP server wants from those who create queues */
  readonly basicAuth?: Uint8Array;
}

export const AGENT_SETTINGS = Symbol('agent settings');

/** An agent on PostgreSQL and NATS, inside the life of a Nest application. */
@Injectable()
export class AgentRuntime implements OnApplicationBootstrap, OnModuleDestroy {
  readonly agent: Agent;
  private readonly smp: SmpClient;
  private readonly stuck: StuckTimer;
  private readonly events: StatusEvents;
  private readonly receiving = new Set<Promise<void>>();
  private stopping = false;

  constructor(
    @Inject(AGENT_SETTINGS) private readonly settings: AgentSettings,
    @Inject(BUS) connection: NatsConnection,
    @Inject(DATABASE) source: DataSource,
    @Inject(FAILPOINT) failpoint: Failpoint,
    registry: Registry,
    logger: PinoLogger,
  ) {
    gaugeRecords(registry, source, settings.nouns);
    gaugeStuck(registry, source, settings);
    const observer = new Observer(registry, logger.logger);
    this.events = new StatusEvents(connection, settings.statusEvents);
    this.smp = new SmpClient(connection, {
      lostAfterMs: settings.lostAfterMs,
      onMessages: (messages) => {
        // unacknowledged, they come again to the process that follows
        if (this.stopping) return;
        this.finish(this.agent.receive(messages));
      },
      onLost: (server, reason) => {
        this.agent.overtaken();
        logger.warn({ server, reason }, 'session lost');
      },
      onEnded: (server) => {
        this.agent.overtaken();
        logger.warn({ server }, 'a queue was taken over by another client');
      },
      onRefused: (server, recipientId, error) => {
        // the process that follows is refused, too
        if (!this.stopping) this.finish(this.agent.lost(server, recipientId, error));
      },
      onRejected: (server, bytes) => logger.warn({ server, bytes }, 'bytes that are no SMP block'),
    });
    const random = new RandomPool();
    const store = new AgentStore(source);
    const now = (): number => Date.now();
    const observe = (observation: Observation): void => {
      observer.observe(observation);
      this.events.observe(observation, now());
    };
    this.stuck = new StuckTimer({ store, host: { now, observe }, afterMs: settings.stuckAfterMs });
    this.agent = new Agent({
      ...settings,
      store,
      messages: new MessageStore(source),
      deliveries: new DeliveryStore(source),
      smp: this.smp,
      host: {
        now,
        sleep: (ms) => sleep(ms),
        random: (bytes) => random.take(bytes),
        crypto: realCrypto,
        observe,
        failpoint,
      },
      protocol: 'full',
    });
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.agent.start();
    this.stuck.start();
  }

  isStuck(noun: Noun, record: { protocol: string; status: string; since: number }): boolean {
    return isStuck(noun, record, { now: Date.now(), afterMs: this.settings.stuckAfterMs });
  }

  private finish(work: Promise<void>): void {
    const finished = work.finally(() => this.receiving.delete(finished));
    this.receiving.add(finished);
  }

  /** What has been received is committed, what is being executed ends; the rest goes on where it stands. */
  async onModuleDestroy(): Promise<void> {
    this.stopping = true;
    await this.stuck.stop();
    await this.agent.stop();
    await Promise.all(this.receiving);
    this.events.flush();
    this.smp.close();
  }
}
