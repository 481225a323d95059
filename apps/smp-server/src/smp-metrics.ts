import { Injectable } from '@nestjs/common';
import type { RejectedPayload } from '@chat-relays/bus';
import type { Outgoing, Tally } from '@chat-relays/smp';
import { Counter, Histogram, Registry } from 'prom-client';

/** Errors by the names that SMP servers export. Others, such as of commands that cannot be read, are not counted. */
const SEND_ERRORS: Readonly<Record<string, string>> = {
  AUTH: 'auth',
  QUOTA: 'quota',
  LARGE_MSG: 'large',
  BLOCKED: 'block',
};
const SUB_ERRORS: Readonly<Record<string, string>> = { AUTH: 'auth', 'CMD PROHIBITED': 'prohibited' };

/** Seconds from the delivery of a message to its ACK: by 1 to 5, by 5 to 30, by 10 to 60, by 30 to 180, then by 60. */
const ACK_SECONDS = [
  ...[0, 1, 2, 3, 4, 5, 10, 15, 20, 25, 30, 40, 50, 60, 90, 120, 150, 180],
  ...[240, 300, 360, 420, 480, 540, 600],
];

const errorType = (types: Readonly<Record<string, string>>, error: string): string | undefined =>
  types[error.startsWith('BLOCKED ') ? 'BLOCKED' : error];

/** What a batch took, in seconds. */
export interface Stages {
  readonly execute: number;
  readonly store: number;
  readonly answer: number;
}

/** What SMP servers count, by their names (and their spelling), and what this server counts of its batches. */
@Injectable()
export class SmpMetrics {
  private readonly queuesCreated: Counter;
  private readonly queuesSecured: Counter;
  private readonly queuesDeleted: Counter;
  private readonly queuesBlocked: Counter;
  private readonly subscribed: Counter;
  private readonly subscriptionsEnded: Counter;
  private readonly subscriptionErrors: Counter;
  private readonly sent: Counter;
  private readonly sentErrors: Counter;
  private readonly received: Counter;
  private readonly expired: Counter;
  private readonly got: Counter;
  private readonly gotReceived: Counter;
  private readonly getErrors: Counter;
  private readonly ackSeconds: Histogram;
  private readonly rejected: Counter;
  private readonly failedCommits: Counter;
  private readonly batchCommands: Histogram;
  private readonly commitSeconds: Histogram;
  private readonly stageSeconds: Counter;

  constructor(registry: Registry) {
    const counter = (name: string, help: string, labelNames: string[] = []): Counter =>
      new Counter({ name, help, labelNames, registers: [registry] });
    const histogram = (name: string, help: string, buckets: number[]): Histogram =>
      new Histogram({ name, help, buckets, registers: [registry] });
    this.queuesCreated = counter('simplex_smp_queues_created', 'Queues created.');
    this.queuesSecured = counter('simplex_smp_queues_secured', 'Queues secured by recipient or sender.');
    this.queuesDeleted = counter(
      'simplex_smp_queues_deleted',
      'Queues deleted: all, those that were never secured, those that were.',
      ['type'],
    );
    this.queuesBlocked = counter('simplex_smp_queues_blocked', 'Queues blocked by the operator.');
    this.subscribed = counter(
      'simplex_smp_subscribtion_successes',
      'Successful SUB, repeated ones left out.',
    );
    this.subscriptionsEnded = counter('simplex_smp_subscribtion_end', 'Subscriptions taken over.');
    this.subscriptionErrors = counter('simplex_smp_subscribtion_errors', 'SUB refused or repeated.', [
      'type',
    ]);
    this.sent = counter('simplex_smp_messages_sent', 'Messages stored.');
    this.sentErrors = counter('simplex_smp_messages_sent_errors', 'Refused SEND.', ['type']);
    this.received = counter('simplex_smp_messages_received', 'Messages acknowledged.');
    this.expired = counter('simplex_smp_messages_expired', 'Messages deleted because of their age.');
    this.got = counter('simplex_smp_messages_notify_get_sent', 'Messages sent to GET.');
    this.gotReceived = counter(
      'simplex_smp_messages_notify_get_received',
      'Messages acknowledged after GET; they are in messages_received, too.',
    );
    this.getErrors = counter('simplex_smp_messages_notify_get_errors', 'GET refused or repeated.', ['type']);
    this.ackSeconds = histogram(
      'simplex_smp_delivery_ack_confirmed_time',
      'Seconds from the delivery of a message to its ACK.',
      ACK_SECONDS,
    );
    this.rejected = counter('chat_relays_smp_rejected_total', 'Payloads that were not executed.', ['reason']);
    this.failedCommits = counter('chat_relays_smp_failed_commits_total', 'Batches answered ERR STORE.');
    this.batchCommands = histogram(
      'chat_relays_smp_batch_commands',
      'Commands in one commit.',
      [1, 3, 10, 30, 100, 300, 1000, 3000, 10000],
    );
    this.stageSeconds = counter(
      'chat_relays_smp_stage_seconds_total',
      'Where the time of batches went: checking and executing commands, waiting for the store, sending answers.',
      ['stage'],
    );
    this.commitSeconds = histogram(
      'chat_relays_smp_commit_seconds',
      'From the first command of a batch to its answers.',
      [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.3, 1, 3],
    );
  }

  countRejected(reason: RejectedPayload): void {
    this.rejected.inc({ reason });
  }

  countFailedCommit(): void {
    this.failedCommits.inc();
  }

  countBlocked(): void {
    this.queuesBlocked.inc();
  }

  countExpired(messages: number): void {
    this.expired.inc(messages);
  }

  countBatch(commands: number, stages: Stages): void {
    this.batchCommands.observe(commands);
    this.commitSeconds.observe(stages.execute + stages.store + stages.answer);
    this.stageSeconds.inc({ stage: 'execute' }, stages.execute);
    this.stageSeconds.inc({ stage: 'store' }, stages.store);
    this.stageSeconds.inc({ stage: 'answer' }, stages.answer);
  }

  countTally(tally: Readonly<Tally>): void {
    const { deletedNew, deletedSecured, repeatedSub, repeatedGet } = tally;
    if (tally.created > 0) this.queuesCreated.inc(tally.created);
    if (tally.secured > 0) this.queuesSecured.inc(tally.secured);
    if (deletedNew + deletedSecured > 0) {
      this.queuesDeleted.inc({ type: 'all' }, deletedNew + deletedSecured);
      this.queuesDeleted.inc({ type: 'new' }, deletedNew);
      this.queuesDeleted.inc({ type: 'secured' }, deletedSecured);
    }
    if (tally.subscribed > 0) this.subscribed.inc(tally.subscribed);
    if (repeatedSub > 0) this.subscriptionErrors.inc({ type: 'duplicate' }, repeatedSub);
    if (repeatedGet > 0) this.getErrors.inc({ type: 'duplicate' }, repeatedGet);
    if (tally.received > 0) this.received.inc(tally.received);
    if (tally.receivedByGet > 0) this.gotReceived.inc(tally.receivedByGet);
  }

  countAnswers(answers: readonly Outgoing[]): void {
    let sent = 0;
    for (const { answers: kind, response, ackSeconds } of answers) {
      const error = response.kind === 'ERR' ? response.error : undefined;
      if (ackSeconds !== undefined) this.ackSeconds.observe(ackSeconds);
      if (kind === 'SEND') {
        if (error === undefined) sent++;
        else this.countError(this.sentErrors, errorType(SEND_ERRORS, error));
      } else if (kind === 'SUB') {
        if (error !== undefined) this.countError(this.subscriptionErrors, errorType(SUB_ERRORS, error));
      } else if (kind === 'GET') {
        if (response.kind === 'MSG') this.got.inc();
        else if (error !== undefined) this.countError(this.getErrors, errorType(SUB_ERRORS, error));
      } else if (response.kind === 'END') this.subscriptionsEnded.inc();
    }
    if (sent > 0) this.sent.inc(sent);
  }

  private countError(errors: Counter, type: string | undefined): void {
    if (type !== undefined) errors.inc({ type });
  }
}
