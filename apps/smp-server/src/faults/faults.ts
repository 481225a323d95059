import { Inject, Injectable } from '@nestjs/common';
import type { IncomingCommand } from '@chat-relays/bus';
import { CONFIG } from '@chat-relays/service';
import { commandKind } from '@chat-relays/smp';
import { Counter, Registry } from 'prom-client';
import type { SmpServerConfig } from '../config';
import { DelayLine } from './delay-line';
import type { FatedCommand } from './fated-command';
import { FaultPlan } from './fault-plan';
import { NO_FAULTS, type FaultRule, type FaultSettings } from './fault-rule';

type Counted = FaultRule['fault'] | 'pause' | 'refuse-new' | 'slow-storage';

export interface FaultedServer {
  /** these may be executed now */
  onReady(commands: readonly FatedCommand[]): void;
  /** the pause is over */
  onResume(): void;
}

/** What this server gets wrong because it was asked to, and how often it did. */
@Injectable()
export class Faults {
  private readonly counter: Counter;
  private plan = new FaultPlan([]);
  private others: Omit<FaultSettings, 'rules' | 'pause'> = {};
  private server: FaultedServer | undefined;
  private readonly line = new DelayLine((commands) => this.server?.onReady(commands));
  private pausing: { readonly ms?: number; readonly timer?: NodeJS.Timeout } | undefined;

  constructor(@Inject(CONFIG) { SMP_FAULTS = NO_FAULTS }: SmpServerConfig, registry: Registry) {
    this.counter = new Counter({
      name: 'chat_relays_smp_faults_total',
      help: 'What was done wrong on request: commands, or commits under slow-storage.',
      labelNames: ['fault', 'command'],
      registers: [registry],
    });
    this.set(SMP_FAULTS);
  }

  serve(server: FaultedServer): void {
    this.server = server;
  }

  /** Whether commands have to go through `admit`. */
  get active(): boolean {
    return !this.plan.isEmpty || !this.line.isEmpty;
  }

  get paused(): boolean {
    return this.pausing !== undefined;
  }

  /** As they were set, less what a count has used up. */
  get settings(): FaultSettings {
    const { pausing } = this;
    return {
      ...this.others,
      rules: this.plan.rules,
      ...(pausing && { pause: pausing.ms === undefined ? {} : { ms: pausing.ms } }),
    };
  }

  /** Instead of all that was set before, a pause among it. What is delayed already goes when its time has come. */
  set({ rules, pause, ...others }: FaultSettings): void {
    this.plan = new FaultPlan(rules);
    this.others = others;
    if (pause) this.pause(pause.ms);
    else this.resume();
  }

  /** @param ms then the server resumes by itself */
  pause(ms?: number): void {
    clearTimeout(this.pausing?.timer);
    this.pausing = ms === undefined ? {} : { ms, timer: setTimeout(() => this.resume(), ms) };
  }

  resume(): void {
    if (!this.pausing) return;
    clearTimeout(this.pausing.timer);
    this.pausing = undefined;
    this.server?.onResume();
  }

  /** Those of a block that may be executed now; the others come by `onReady`, or never. */
  admit(commands: readonly IncomingCommand[]): FatedCommand[] {
    const now: FatedCommand[] = [];
    for (const command of commands) {
      const kind = commandKind(command.transmission.body);
      const fate = this.plan.fateOf(kind);
      for (const fault of fate.faults) this.count(fault, kind);
      if (fate.drop) continue;
      const fated = { ...command, fate };
      if (fate.delayMs > 0 || this.line.holds(command.session.name)) this.line.hold(fated, fate.delayMs);
      else now.push(fated);
    }
    return now;
  }

  countPaused(commands: readonly IncomingCommand[]): void {
    for (const { transmission } of commands) this.count('pause', commandKind(transmission.body));
  }

  /** Asked for each NEW. */
  refusesNew(): boolean {
    if (!this.others.refuseNew) return false;
    this.count('refuse-new', 'NEW');
    return true;
  }

  /** How long a commit has to wait, 0 for not at all; asked once for each. */
  storageDelayMs(): number {
    const { slowStorageMs = 0 } = this.others;
    if (slowStorageMs > 0) this.count('slow-storage', 'all');
    return slowStorageMs;
  }

  forget(session: string): void {
    this.line.forget(session);
  }

  /** Before the server stops: nothing waits any more, and nothing new is done wrong. */
  end(): void {
    this.set(NO_FAULTS);
    this.line.release();
  }

  private count(fault: Counted, command = 'unknown'): void {
    this.counter.inc({ fault, command });
  }
}
