import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { type IncomingCommand, type NatsConnection, SmpListener } from '@chat-relays/bus';
import { BUS, CONFIG, DATABASE, FAILPOINT, type Failpoint, RandomPool } from '@chat-relays/service';
import { type Batch, type Changes, isEmpty, realCrypto, ServerCore, type QueueState } from '@chat-relays/smp';
import { type DataSource, SmpStore } from '@chat-relays/storage';
import { PinoLogger } from 'nestjs-pino';
import { admission } from './admission';
import { CommandSpans } from './command-spans';
import type { SmpServerConfig } from './config';
import { type FatedCommand, withoutReplies } from './faults/fated-command';
import { Faults } from './faults/faults';
import { SmpGauges } from './smp-gauges';
import { SmpMetrics, type Stages } from './smp-metrics';

/** Commands of one commit; blocks are not divided. */
const MAX_BATCH_COMMANDS = 5_000;
const RELOAD_PAUSE_MS = 500;
const EXPIRY_INTERVAL_MS = 2 * 3_600_000;
const SECONDS_PER_DAY = 86_400;

const unixSeconds = () => Math.floor(Date.now() / 1000);

/** The commit of what was asked failed; the log says why. */
export class NotStored extends Error {}

/**
 * Group commit: while a batch is being stored the next blocks gather, and the next batch takes them together.
 * Nothing is answered before it is stored.
 */
@Injectable()
export class SmpServer implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly core: ServerCore;
  private readonly listener: SmpListener;
  private readonly store: SmpStore;
  private arrived: (readonly FatedCommand[])[] = [];
  /** batches that are no commands: they go first, also while the server is paused */
  private readonly chores: (() => Promise<void>)[] = [];
  private working: Promise<void> | undefined;
  private stored = { queues: 0, messages: 0 };
  private expiry: NodeJS.Timeout | undefined;
  private stopping = false;

  constructor(
    @Inject(CONFIG) private readonly config: SmpServerConfig,
    @Inject(BUS) connection: NatsConnection,
    @Inject(DATABASE) source: DataSource,
    @Inject(FAILPOINT) private readonly failpoint: Failpoint,
    private readonly faults: Faults,
    private readonly metrics: SmpMetrics,
    gauges: SmpGauges,
    private readonly logger: PinoLogger,
  ) {
    this.store = new SmpStore(source);
    const random = new RandomPool();
    const admits = admission(config);
    this.core = new ServerCore({
      quota: config.SMP_QUEUE_QUOTA,
      padded: config.SMP_PADDING === 'on',
      crypto: realCrypto,
      admitsNew: (password) => admits(password) && !faults.refusesNew(),
      now: unixSeconds,
      randomBytes: (count) => random.take(count),
    });
    this.listener = new SmpListener(connection, {
      server: config.SMP_SERVER_NAME,
      onCommands: (commands) => this.take(commands),
      onSessionEnd: (session) => this.endSession(session),
      onRejected: (reason, bytes) => {
        this.metrics.countRejected(reason);
        this.logger.warn({ reason, bytes }, 'payload rejected');
      },
    });
    faults.serve({ onReady: (commands) => this.queue(commands), onResume: () => this.resume() });
    gauges.watch(config.SMP_SERVER_NAME, () => ({
      now: unixSeconds(),
      queues: this.core.queues(),
      inMemory: this.core.sizes.queues,
      stored: this.stored,
      sessions: this.listener.sessionCount,
    }));
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.load();
    await this.expire();
    this.expiry = setInterval(() => void this.expire(), EXPIRY_INTERVAL_MS);
    await this.listener.start();
  }

  /** Takes no more blocks, then stores and answers those that it has. */
  async onModuleDestroy(): Promise<void> {
    this.stopping = true;
    clearInterval(this.expiry);
    await this.listener.stop();
    this.faults.end();
    await this.working;
  }

  /** How much is committed. */
  get sizes(): { queues: number; messages: number; subscriptions: number; sessions: number } {
    const { queues, subscriptions } = this.core.sizes;
    return { queues, messages: this.stored.messages, subscriptions, sessions: this.listener.sessionCount };
  }

  /** The queue with this sender or link id, as it is committed. */
  queueOf(id: Uint8Array): QueueState | undefined {
    return this.core.queueOf(id);
  }

  /**
   * Work on a batch of its own, committed as commands are; it must not throw.
   * @throws {NotStored}
   */
  run<T>(work: (batch: Batch) => T): Promise<T> {
    return new Promise((resolve, reject) => {
      this.chores.push(async () => {
        const batch = this.core.begin();
        const result = work(batch);
        if (await this.settle(batch)) resolve(result);
        else reject(new NotStored('the store failed'));
      });
      this.wake();
    });
  }

  private take(commands: readonly IncomingCommand[]): void {
    this.queue(this.faults.active ? this.faults.admit(commands) : commands);
  }

  private queue(commands: readonly FatedCommand[]): void {
    if (commands.length === 0) return;
    this.arrived.push(commands);
    this.wake();
  }

  private resume(): void {
    for (const commands of this.arrived) this.faults.countPaused(commands);
    this.wake();
  }

  private endSession(session: string): void {
    this.faults.forget(session);
    this.core.dropSession(session);
  }

  private wake(): void {
    // a failure in here is our own mistake: the process ends by the unhandled rejection
    this.working ??= this.work();
  }

  private async work(): Promise<void> {
    // the blocks that are in the same read of the socket
    await new Promise(setImmediate);
    for (;;) {
      const chore = this.chores.shift();
      if (chore) await chore();
      else if (this.arrived.length > 0 && !this.faults.paused) await this.execute(this.nextBatch());
      else break;
    }
    this.working = undefined;
  }

  private nextBatch(): FatedCommand[] {
    const commands: FatedCommand[] = [];
    let blocks = 0;
    while (blocks < this.arrived.length && commands.length < MAX_BATCH_COMMANDS) {
      const block = this.arrived[blocks++];
      // a session that has ended meanwhile would hear nothing, and keep its subscriptions
      if (this.listener.knows(block[0]?.session)) commands.push(...block);
    }
    this.arrived.splice(0, blocks);
    return commands;
  }

  /** Not async, so that the commands may be forgotten while what they ask for is being stored. */
  private execute(commands: readonly FatedCommand[]): Promise<unknown> {
    if (commands.length === 0) return Promise.resolve();
    const started = performance.now();
    const batch = this.core.begin();
    const spans = new CommandSpans();
    const silenced = new Set<Uint8Array>();
    for (const command of commands) {
      const { session, transmission, fate } = command;
      const trace = spans.start(command);
      if (fate?.error !== undefined) batch.answerError(session, transmission, fate.error, trace);
      else batch.apply(session, transmission, trace);
      if (fate?.dropReply) silenced.add(transmission.corrId);
    }
    return this.settle(batch, started, spans, silenced);
  }

  /** The commit path: stores, makes visible, sends. False when it could not be stored, and all clients begin anew. */
  private async settle(
    batch: Batch,
    started = performance.now(),
    spans = new CommandSpans(),
    silenced: ReadonlySet<Uint8Array> = new Set(),
  ): Promise<boolean> {
    const { changes } = batch;
    const executed = performance.now();
    let failure: { error: unknown } | undefined;
    try {
      if (!isEmpty(changes)) await this.storeDurably(changes);
    } catch (error) {
      failure = { error };
    }
    const stored = performance.now();
    const answers = failure ? batch.discard() : batch.commit();
    this.listener.send(withoutReplies(answers, silenced));
    spans.end(answers);
    if (failure) {
      await this.giveUp(batch, failure.error);
      return false;
    }
    const stages = {
      execute: (executed - started) / 1000,
      store: (stored - executed) / 1000,
      answer: (performance.now() - stored) / 1000,
    };
    this.count(batch, stages, changes);
    for (const outgoing of answers.values()) this.metrics.countAnswers(outgoing);
    return true;
  }

  private async storeDurably(changes: Changes): Promise<void> {
    const delayMs = this.faults.storageDelayMs();
    if (delayMs > 0) await sleep(delayMs);
    await this.failpoint('smp.commit.before');
    await this.store.commit(changes);
    await this.failpoint('smp.commit.after');
  }

  /** Whether the batch was stored is not known: what the store says is the truth, and every client begins anew. */
  private async giveUp(batch: Batch, error: unknown): Promise<void> {
    this.metrics.countFailedCommit();
    this.logger.error({ err: error, commands: batch.size }, 'commit failed');
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
    this.stored = { queues: snapshot.queues.length, messages: snapshot.messages.length };
  }

  private async expire(): Promise<void> {
    const before = unixSeconds() - this.config.SMP_MESSAGE_TTL_DAYS * SECONDS_PER_DAY;
    try {
      this.metrics.countExpired(await this.run((batch) => batch.expire(before)));
    } catch (error) {
      if (!(error instanceof NotStored)) throw error;
      this.logger.warn('old messages were not deleted; the next round comes in two hours');
    }
  }

  private count({ size, tally }: Batch, stages: Stages, changes: Changes): void {
    const { created, deletedNew, deletedSecured } = tally;
    this.stored.queues += created - deletedNew - deletedSecured;
    this.stored.messages += changes.addedMessages.length - changes.removedMessages.length;
    if (size > 0) this.metrics.countBatch(size, stages);
    this.metrics.countTally(tally);
  }
}
