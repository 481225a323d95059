import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { type IncomingCommand, type NatsConnection, SmpListener } from '@chat-relays/bus';
import { BUS, CONFIG, DATABASE, FAILPOINT, type Failpoint } from '@chat-relays/service';
import { type Batch, type Changes, isEmpty, ServerCore } from '@chat-relays/smp';
import { type DataSource, SmpStore } from '@chat-relays/storage';
import { PinoLogger } from 'nestjs-pino';
import { CommandSpans } from './command-spans';
import type { SmpServerConfig } from './config';
import { RandomPool } from './random-pool';
import { SmpMetrics } from './smp-metrics';

/** Commands of one commit; blocks are not divided. */
const MAX_BATCH_COMMANDS = 5_000;
const RELOAD_PAUSE_MS = 500;

/**
 * Group commit: while a batch is being stored the next blocks gather, and the next batch takes them together.
 * Nothing is answered before it is stored.
 */
@Injectable()
export class SmpServer implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly core: ServerCore;
  private readonly listener: SmpListener;
  private readonly store: SmpStore;
  private arrived: (readonly IncomingCommand[])[] = [];
  private working: Promise<void> | undefined;
  private storedMessages = 0;
  private stopping = false;

  constructor(
    @Inject(CONFIG) config: SmpServerConfig,
    @Inject(BUS) connection: NatsConnection,
    @Inject(DATABASE) source: DataSource,
    @Inject(FAILPOINT) private readonly failpoint: Failpoint,
    private readonly metrics: SmpMetrics,
    private readonly logger: PinoLogger,
  ) {
    this.store = new SmpStore(source);
    const random = new RandomPool();
    this.core = new ServerCore({
      quota: config.SMP_QUEUE_QUOTA,
      now: () => Math.floor(Date.now() / 1000),
      randomBytes: (count) => random.take(count),
    });
    this.listener = new SmpListener(connection, {
      server: config.SMP_SERVER_NAME,
      onCommands: (commands) => this.take(commands),
      onSessionEnd: (session) => this.core.dropSession(session),
      onRejected: (reason, bytes) => {
        this.metrics.countRejected(reason);
        this.logger.warn({ reason, bytes }, 'payload rejected');
      },
    });
    metrics.watch(() => ({
      ...this.core.sizes,
      messages: this.storedMessages,
      sessions: this.listener.sessionCount,
    }));
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.load();
    await this.listener.start();
  }

  /** Takes no more blocks, then stores and answers those that it has. */
  async onModuleDestroy(): Promise<void> {
    this.stopping = true;
    await this.listener.stop();
    await this.working;
  }

  private take(commands: readonly IncomingCommand[]): void {
    this.arrived.push(commands);
    // a failure in here is our own mistake: the process ends by the unhandled rejection
    this.working ??= this.work().finally(() => (this.working = undefined));
  }

  private async work(): Promise<void> {
    // the blocks that are in the same read of the socket
    await new Promise(setImmediate);
    while (this.arrived.length > 0) await this.execute(this.nextBatch());
  }

  private nextBatch(): IncomingCommand[] {
    const commands: IncomingCommand[] = [];
    let blocks = 0;
    while (blocks < this.arrived.length && commands.length < MAX_BATCH_COMMANDS) {
      const block = this.arrived[blocks++];
      // a session that has ended meanwhile would hear nothing, and keep its subscriptions
      if (this.listener.knows(block[0]?.session)) commands.push(...block);
    }
    this.arrived.splice(0, blocks);
    return commands;
  }

  private async execute(commands: readonly IncomingCommand[]): Promise<void> {
    if (commands.length === 0) return;
    const started = performance.now();
    const queues = this.core.sizes.queues;
    const batch = this.core.begin();
    const spans = new CommandSpans();
    for (const command of commands) {
      batch.apply(command.session, command.transmission, spans.start(command));
    }
    const { changes } = batch;
    try {
      if (!isEmpty(changes)) await this.storeDurably(changes);
    } catch (error) {
      return this.giveUp(batch, spans, error);
    }
    const answers = batch.commit();
    this.listener.send(answers);
    spans.end(answers);
    this.count(commands.length, performance.now() - started, queues, changes);
    for (const outgoing of answers.values()) this.metrics.countAnswers(outgoing);
  }

  private async storeDurably(changes: Changes): Promise<void> {
    await this.failpoint('smp.commit.before');
    await this.store.commit(changes);
    await this.failpoint('smp.commit.after');
  }

  /** Whether the batch was stored is not known: what the store says is the truth, and every client begins anew. */
  private async giveUp(batch: Batch, spans: CommandSpans, error: unknown): Promise<void> {
    this.metrics.countFailedCommit();
    this.logger.error({ err: error, commands: batch.size }, 'commit failed');
    const answers = batch.discard();
    this.listener.send(answers);
    spans.end(answers);
    while (!(await this.reloaded()) && !this.stopping) await sleep(RELOAD_PAUSE_MS);
    this.arrived = [];
    this.listener.reset();
  }

  private async reloaded(): Promise<boolean> {
    try {
      await this.load();
      return true;
    } catch (error) {
      this.logger.error({ err: error }, 'reload failed');
      return false;
    }
  }

  private async load(): Promise<void> {
    const snapshot = await this.store.load();
    this.core.load(snapshot);
    this.storedMessages = snapshot.messages.length;
  }

  private count(commands: number, ms: number, queuesBefore: number, changes: Changes): void {
    const deleted = changes.deletedQueues.length;
    const created = this.core.sizes.queues - queuesBefore + deleted;
    this.storedMessages += changes.addedMessages.length - changes.removedMessages.length;
    this.metrics.countCommit({ commands, seconds: ms / 1000, created, deleted });
  }
}
