import { dialogueOf, spanName } from '@chat-relays/protocol';
import type { Command, Reply } from './command';
import { executeRun, giveUp } from './execute';
import type { Handler } from '../handling/handle';
import { byLane, isMoot, runFrom } from './lane';
import type { Road } from './link';
import { backoff, latestRetry, type RetryPolicy } from './retry';
import type { Sent } from '../sealing/send-queue';
import { QueueFullError, TemporaryError } from '../smp-port';
import { type Begun, execution, unobserved } from '../trace';

export interface PumpOptions {
  /** lanes that execute at once */
  readonly lanes: number;
  /** commands of one lane that are taken at once */
  readonly perLane: number;
  readonly leaseMs: number;
  /** how long an idle pump waits before it looks again: other processes may have queued commands */
  readonly idleMs: number;
}

export const defaultPump: PumpOptions = { lanes: 256, perLane: 64, leaseMs: 4_000, idleMs: 250 };

const BUSY = 16;
const GATHER_MS = 10;

/**
 * From queue to server. Lanes execute side by side, the commands of a lane in order; a command that fails for now waits
 * with its lane, one that fails for good is an event, and one that is moot is given up. The lease lets another process go on where this one died.
 */
export class Pump {
  private readonly executing = new Set<Promise<void>>();
  private readonly leased = new Set<string>();
  private running = false;
  private loop: Promise<void> | undefined;
  private woken = false;
  private wakeUp: (() => void) | undefined;

  constructor(
    private readonly road: Road,
    private readonly handler: Handler,
    private readonly retry: RetryPolicy,
    private readonly options: PumpOptions = defaultPump,
  ) {}

  start(): void {
    this.running = true;
    this.loop = this.run();
  }

  /** Takes nothing more, and waits for what is being executed. */
  async stop(): Promise<void> {
    this.running = false;
    this.wake();
    await this.loop;
  }

  wake(): void {
    this.woken = true;
    this.wakeUp?.();
  }

  /** Takes what is due and executes it; answers how many commands that were. */
  async step(lanes = this.options.lanes): Promise<number> {
    const taken = await this.take(lanes);
    await Promise.all(byLane(taken).map((lane) => this.runLane(lane)));
    return taken.length;
  }

  private async run(): Promise<void> {
    const renewal = setInterval(() => void this.renew(), this.options.leaseMs / 3);
    while (this.running) {
      // many lanes end at nearly the same time: one look at the queue for all of them
      if (this.executing.size >= BUSY) await this.road.host.sleep(GATHER_MS);
      this.woken = false;
      const free = this.options.lanes - this.executing.size;
      const taken = free > 0 ? await this.take(free).catch((error: unknown) => this.away(error)) : [];
      for (const lane of byLane(taken)) {
        const work = this.runLane(lane).finally(() => {
          this.executing.delete(work);
          this.wake();
        });
        this.executing.add(work);
      }
      if (taken.length === 0) await this.idle();
    }
    await Promise.all(this.executing);
    clearInterval(renewal);
  }

  private async take(lanes: number): Promise<Command[]> {
    const now = this.road.host.now();
    const { perLane, leaseMs } = this.options;
    const latest = latestRetry(now, this.retry);
    return this.road.store.lease({ lanes, perLane, now, until: now + leaseMs, latest });
  }

  private async renew(): Promise<void> {
    if (this.leased.size === 0) return;
    const until = this.road.host.now() + this.options.leaseMs;
    await this.road.store.renew([...this.leased], until).catch((error: unknown) => this.away(error));
  }

  /** The database is away: what is leased runs on, the rest waits. */
  private away(error: unknown): [] {
    if (!(error instanceof TemporaryError)) throw error;
    this.road.host.observe({ what: 'waiting', on: 'database', reason: error.message });
    return [];
  }

  private async idle(): Promise<void> {
    if (this.woken) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, this.options.idleMs);
      this.wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.wakeUp = undefined;
  }

  private async runLane(lane: readonly Command[]): Promise<void> {
    for (const { id } of lane) this.leased.add(id);
    // how far this lane's queue has come since it was leased
    let sent: Sent | undefined;
    try {
      for (let at = 0; at < lane.length;) {
        const run = runFrom(lane, at).map((command) => from(command, sent));
        const done = await this.carryOut(run, lane.slice(at));
        if (!done) return;
        sent = done.sent ?? sent;
        at += run.length;
      }
    } finally {
      for (const { id } of lane) this.leased.delete(id);
    }
  }

  /** Answers undefined when this run, and with it the rest of its lane, has to wait. */
  private async carryOut(run: readonly Command[], rest: readonly Command[]): Promise<Reply | undefined> {
    const { host } = this.road;
    const [{ protocol, noun, kind, step, tries }] = run;
    const point = `${dialogueOf(protocol, noun).half}.${step}.${kind}`;
    try {
      await host.failpoint?.(`${point}.before-execute`);
      const moot = isMoot(rest, 0);
      const { reply, trace } = await this.attempt(run, moot);
      await host.failpoint?.(`${point}.after-execute`);
      if (moot) await this.drop(run);
      else await this.conclude(run, reply, trace);
      return reply;
    } catch (error) {
      // a full queue is emptied by its reader, not by waiting: at an even pace
      const grown = error instanceof QueueFullError ? 1 : tries + 1;
      const dueAt = host.now() + backoff(grown, this.retry);
      await this.postpone(run, dueAt, true);
      await this.postpone(rest.slice(run.length), dueAt, false);
      if (error instanceof TemporaryError) return undefined;
      throw error;
    }
  }

  /** One try, in a span of its own. */
  private async attempt(run: readonly Command[], moot: boolean): Promise<{ reply: Reply; trace?: string }> {
    const { host } = this.road;
    const [command] = run;
    const { kind, tries } = command;
    const span = this.span(command);
    const trace = span.traceparent;
    const road: Road = { ...this.road, trace: trace ?? command.trace };
    const tell = (result: 'ok' | 'temporary' | 'permanent', reason?: string): void => {
      span.run(() => host.observe({ what: 'executed', kind, corrId: command.id, result, reason }));
      span.end({ tries: tries + 1 }, reason);
    };
    try {
      const reply = await span.run(() => (moot ? giveUp(command, road) : executeRun(run, road)));
      const refusal = reply.name === 'ERR' ? (reply.facts as { reason: string }).reason : undefined;
      tell(refusal === undefined ? 'ok' : 'permanent', refusal);
      return { reply, trace };
    } catch (error) {
      tell('temporary', (error as Error).message);
      throw error;
    }
  }

  /** What a peer answered may be such that it cannot be kept (a U+0000 in a name): then the record learns that. */
  private async conclude(run: readonly Command[], reply: Reply, trace: string | undefined): Promise<void> {
    const answered = ({ name, facts, queue, deleted, forgotten, first, sent }: Reply) =>
      run.map((command) => ({
        ref: { noun: command.noun, id: command.recordId },
        identity: command.identity,
        protocol: command.protocol,
        event: { name, of: command.step, facts },
        command,
        queue,
        deleted,
        forgotten,
        first,
        sent,
        trace,
      }));
    try {
      await this.handler.handle(answered(reply));
    } catch (error) {
      if (error instanceof TemporaryError) throw error;
      await this.handler.handle(answered({ name: 'ERR', facts: { reason: 'the answer cannot be kept' } }));
    }
  }

  /** The record has gone on without it. */
  private async drop(run: readonly Command[]): Promise<void> {
    await this.road.store.commit((unit) => unit.save({ consumed: run.map(({ id }) => id) }));
  }

  private async postpone(commands: readonly Command[], dueAt: number, tried: boolean): Promise<void> {
    if (commands.length === 0) return;
    const ids = commands.map(({ id }) => id);
    await this.road.store.postpone(ids, dueAt, tried).catch((error: unknown) => this.away(error));
  }

  private span({ protocol, noun, step, kind, trace, cause, recordId, attempt }: Command): Begun {
    if (trace === undefined) return unobserved();
    return execution(spanName(dialogueOf(protocol, noun), step, kind), {
      parent: trace,
      cause,
      attributes: { 'rfc.step': step, 'rfc.protocol': protocol, 'record.id': recordId, attempt },
    });
  }
}

/** The command with its queue as the one before left it. */
function from(command: Command, sent: Sent | undefined): Command {
  const { to } = command;
  const same = to && sent && to.server === sent.server && to.senderId === sent.senderId;
  return same ? { ...command, to: { ...to, sent: sent.position } } : command;
}
