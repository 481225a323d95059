import { Injectable } from '@nestjs/common';
import type { RejectedPayload } from '@chat-relays/bus';
import type { Outgoing } from '@chat-relays/smp';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** What a gauge looks at when it is read. */
export interface SmpFigures {
  readonly queues: number;
  readonly messages: number;
  readonly subscriptions: number;
  readonly sessions: number;
}

/** Errors of SEND by the names that SMP servers export. */
const SEND_ERRORS: Readonly<Record<string, string>> = {
  AUTH: 'auth',
  QUOTA: 'quota',
  LARGE_MSG: 'large',
};

/** The figures that SMP servers export, by their names (and their spelling), and those of this server's batches. */
@Injectable()
export class SmpMetrics {
  private readonly queuesCreated: Counter;
  private readonly queuesDeleted: Counter;
  private readonly subscribed: Counter;
  private readonly subscriptionsEnded: Counter;
  private readonly subscriptionErrors: Counter;
  private readonly sent: Counter;
  private readonly sentErrors: Counter;
  private readonly received: Counter;
  private readonly rejected: Counter;
  private readonly failedCommits: Counter;
  private readonly batchCommands: Histogram;
  private readonly commitSeconds: Histogram;

  constructor(private readonly registry: Registry) {
    const counter = (name: string, help: string, labelNames: string[] = []): Counter =>
      new Counter({ name, help, labelNames, registers: [registry] });
    this.queuesCreated = counter('simplex_smp_queues_created', 'Queues created.');
    this.queuesDeleted = counter('simplex_smp_queues_deleted', 'Queues deleted.', ['type']);
    this.subscribed = counter('simplex_smp_subscribtion_successes', 'Successful SUB.');
    this.subscriptionsEnded = counter('simplex_smp_subscribtion_end', 'Subscriptions taken over.');
    this.subscriptionErrors = counter('simplex_smp_subscribtion_errors', 'Refused SUB.', ['type']);
    this.sent = counter('simplex_smp_messages_sent', 'Messages stored.');
    this.sentErrors = counter('simplex_smp_messages_sent_errors', 'Refused SEND.', ['type']);
    this.received = counter('simplex_smp_messages_received', 'Messages acknowledged.');
    this.rejected = counter('chat_relays_smp_rejected_total', 'Payloads that were not executed.', ['reason']);
    this.failedCommits = counter('chat_relays_smp_failed_commits_total', 'Batches answered ERR STORE.');
    this.batchCommands = new Histogram({
      name: 'chat_relays_smp_batch_commands',
      help: 'Commands in one commit.',
      buckets: [1, 3, 10, 30, 100, 300, 1000, 3000, 10000],
      registers: [registry],
    });
    this.commitSeconds = new Histogram({
      name: 'chat_relays_smp_commit_seconds',
      help: 'From the first command of a batch to its answers.',
      buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.3, 1, 3],
      registers: [registry],
    });
  }

  /** The gauges, from what the server says when Prometheus asks. */
  watch(figures: () => SmpFigures): void {
    const gauge = (name: string, help: string, value: (now: SmpFigures) => number): Gauge =>
      new Gauge({
        name,
        help,
        registers: [this.registry],
        collect() {
          this.set(value(figures()));
        },
      });
    gauge('simplex_smp_queues_total2', 'Queues in the store.', ({ queues }) => queues);
    gauge('simplex_smp_messages_total', 'Messages in the store.', ({ messages }) => messages);
    gauge('simplex_smp_subscribtion_total', 'Subscribed queues.', ({ subscriptions }) => subscriptions);
    gauge('simplex_smp_subscribtion_clients_total', 'Sessions.', ({ sessions }) => sessions);
  }

  countRejected(reason: RejectedPayload): void {
    this.rejected.inc({ reason });
  }

  countFailedCommit(): void {
    this.failedCommits.inc();
  }

  countCommit(batch: { commands: number; seconds: number; created: number; deleted: number }): void {
    this.batchCommands.observe(batch.commands);
    this.commitSeconds.observe(batch.seconds);
    if (batch.created > 0) this.queuesCreated.inc(batch.created);
    if (batch.deleted > 0) this.queuesDeleted.inc({ type: 'all' }, batch.deleted);
  }

  countAnswers(answers: readonly Outgoing[]): void {
    let sent = 0;
    let received = 0;
    let subscribed = 0;
    for (const { answers: kind, response } of answers) {
      const error = response.kind === 'ERR' ? response.error : undefined;
      if (kind === 'SEND') {
        if (error === undefined) sent++;
        else this.sentErrors.inc({ type: SEND_ERRORS[error] ?? 'block' });
      } else if (kind === 'ACK' && error === undefined) received++;
      else if (kind === 'SUB') {
        if (error === undefined) subscribed++;
        else this.subscriptionErrors.inc({ type: error === 'AUTH' ? 'auth' : 'prohibited' });
      } else if (response.kind === 'END') this.subscriptionsEnded.inc();
    }
    if (sent > 0) this.sent.inc(sent);
    if (received > 0) this.received.inc(received);
    if (subscribed > 0) this.subscribed.inc(subscribed);
  }
}
