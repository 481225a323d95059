import { encodeBatch, idBytes } from '@chat-relays/wire';
import { bytesKey, type ChainPosition, numberMessage, type Response } from '@chat-relays/smp';
import { type Behind, type DeliveryJob, fitting, type MemberAttempt, type Recipient } from './delivery';
import type { Handler } from '../handling/handle';
import type { Deliveries, Host } from '../ports';
import { backoff, latestRetry, type RetryPolicy } from '../commands/retry';
import { PermanentError } from '../commands/permanent-error';
import type { Sealer } from '../sealing/sealer';
import type { Sent } from '../sealing/send-queue';
import { type Smp, TemporaryError } from '../smp-port';

export interface DelivererPorts {
  readonly deliveries: Deliveries;
  readonly smp: Pick<Smp, 'request'>;
  readonly sealer: Sealer;
  readonly host: Host;
  readonly handler: Handler;
  readonly retry: RetryPolicy;
  readonly protocol: string;
  readonly identity: string;
  /** members that are sent to at once */
  readonly page: number;
}

/** SENDs in flight at once for one group; more only makes each of them slower. */
export const defaultPage = 1000;
const JOBS_PER_BATCH = 64;

/**
 * Step 17. Jobs of a group go out in order, all that wait together as one batch; each page of members is sent in
 * blocks and then the cursor moves. A page that a crash cut off is sent again, members drop what they have. A member whose
 * queue takes nothing for now falls behind alone: it gets what it missed, in order, when it is due again.
 */
export class Deliverer {
  constructor(private readonly ports: DelivererPorts) {}

  /**
   * One page, and after the last page of a batch those members that are behind and due: between two batches, because
   * one that is no longer behind must not miss the pages that have gone by. False when there is nothing to do for now.
   */
  async step(relayOwnId: string): Promise<boolean> {
    const jobs = fitting(await this.ports.deliveries.next(relayOwnId, JOBS_PER_BATCH));
    if (jobs.length > 0 && !(await this.page(relayOwnId, jobs))) return true;
    return (await this.catchUpDue(relayOwnId)) || jobs.length > 0;
  }

  private async catchUpDue(relayOwnId: string): Promise<boolean> {
    const { deliveries, host, page, retry } = this.ports;
    const now = host.now();
    const due = await deliveries.due(relayOwnId, now, page, latestRetry(now, retry));
    const missed = new Map<number, readonly DeliveryJob[]>();
    for (const { jobId } of due) {
      if (missed.has(jobId)) continue;
      missed.set(jobId, fitting(await deliveries.completed(relayOwnId, jobId, JOBS_PER_BATCH)));
    }
    // together: those of a server that is away would each be waited for, and the group with them
    await Promise.all(due.map((member) => this.catchUp(member, missed.get(member.jobId)!)));
    return due.length > 0;
  }

  /** Answers whether it was the last page. */
  private async page(relayOwnId: string, jobs: readonly DeliveryJob[]): Promise<boolean> {
    const { deliveries, host, page } = this.ports;
    const [first] = jobs;
    const recipients = await deliveries.recipients(relayOwnId, first.cursor, page);
    await host.failpoint?.('relay.17.page.before-send');
    const results = await this.send(recipients, jobs);
    await host.failpoint?.('relay.17.page.after-send');
    const behind = results.flatMap(({ recipient, answer }) =>
      answer === 'later' ? [this.behind(recipient, first.id, 1)] : [],
    );
    await this.gone(results.filter(({ answer }) => answer === 'gone').map(({ recipient }) => recipient));
    const cursor = recipients.length < page ? 'complete' : recipients[recipients.length - 1].seq;
    await deliveries.advance(jobs, cursor, behind, sentOf(results));
    await host.failpoint?.('relay.17.page.after-commit');
    return cursor === 'complete';
  }

  private async catchUp(member: Recipient & Behind, jobs: readonly DeliveryJob[]): Promise<void> {
    const { deliveries, host } = this.ports;
    if (jobs.length === 0) return deliveries.caughtUp(member, member.jobId, []);
    const results = await this.send([member], jobs);
    const [{ answer }] = results;
    await host.failpoint?.('relay.17.behind.after-send');
    if (answer === 'gone') await this.gone([member]);
    else if (answer === 'later') {
      await deliveries.stillBehind([this.behind(member, member.jobId, member.tries + 1)]);
    } else await deliveries.caughtUp(member, jobs[jobs.length - 1].id, sentOf(results));
  }

  private behind({ memberId, attempt }: MemberAttempt, jobId: number, tries: number): Behind {
    const { host, retry } = this.ports;
    return { memberId, attempt, jobId, tries, retryAt: host.now() + backoff(tries, retry) };
  }

  private async send(recipients: readonly Recipient[], jobs: readonly DeliveryJob[]): Promise<Result[]> {
    const { host } = this.ports;
    const seal = this.numbered(encodeBatch(jobs.map(({ element }) => element)));
    const results = await Promise.all(recipients.map((recipient) => this.sendTo(recipient, seal)));
    const count = (what: Answer): number => results.filter(({ answer }) => answer === what).length;
    host.observe({ what: 'delivered', sends: count('sent'), behind: count('later'), gone: count('gone') });
    return results;
  }

  /** Members that stand at the same place get the same message, which is then numbered and hashed once. */
  private numbered(body: Uint8Array): (recipient: Recipient) => ReturnType<Sealer['message']> {
    const known = new Map<string, ReturnType<typeof numberMessage>>();
    return ({ peer }) => {
      const place = bytesKey(peer.sent.hash);
      const numbered = known.get(place) ?? numberMessage(peer.sent, body);
      known.set(place, numbered);
      return this.ports.sealer.message(peer, body, numbered);
    };
  }

  private async sendTo(
    recipient: Recipient,
    seal: (recipient: Recipient) => ReturnType<Sealer['message']>,
  ): Promise<Result> {
    const { smp, sealer } = this.ports;
    const { peer } = recipient;
    try {
      const { body, position } = seal(recipient);
      const response = await smp.request(peer.server, {
        entityId: idBytes(peer.senderId),
        command: { kind: 'SEND', notify: false, body },
        key: sealer.authorization(peer),
      });
      return { recipient, answer: answerOf(response), position };
    } catch (error) {
      return { recipient, answer: later(error) };
    }
  }

  /** The member deleted its queue. */
  private async gone(members: readonly MemberAttempt[]): Promise<void> {
    if (members.length === 0) return;
    const { handler, identity, protocol } = this.ports;
    await handler.handle(
      members.map(({ memberId, attempt }) => ({
        ref: { noun: 'group_member', id: memberId },
        identity,
        protocol,
        event: { name: 'queue.gone', facts: { reason: 'SEND: AUTH' } },
        attempt,
      })),
    );
  }
}

type Answer = 'sent' | 'later' | 'gone';

interface Result {
  readonly recipient: Recipient;
  readonly answer: Answer;
  /** of the member's queue, if it took the message */
  readonly position?: ChainPosition;
}

function sentOf(results: readonly Result[]): Sent[] {
  return results.flatMap(({ recipient: { peer }, answer, position }) =>
    answer === 'sent' && position ? [{ server: peer.server, senderId: peer.senderId, position }] : [],
  );
}

function answerOf(response: Response): Answer {
  if (response.kind === 'OK') return 'sent';
  return response.kind === 'ERR' && response.error === 'AUTH' ? 'gone' : 'later';
}

function later(error: unknown): Answer {
  if (error instanceof TemporaryError) return 'later';
  // a key that nothing can be sealed for: it was never a queue
  if (error instanceof PermanentError) return 'gone';
  throw error;
}
