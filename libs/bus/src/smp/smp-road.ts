import { setTimeout as delay } from 'node:timers/promises';
import { TemporaryError, type IncomingMessage, type OwnQueue, type SmpRequest } from '@chat-relays/agent';
import { EMPTY, errorResponse } from '@chat-relays/smp';
import type { Response, ResponseOf } from '@chat-relays/smp';
import type { NatsConnection, Subscription } from '@nats-io/transport-node';
import { AbsentQueues } from './absent-queues';
import { isTooLong } from './command-size';
import { HelloPace } from './hello-pace';
import { PendingCommands } from './pending-commands';
import { SmpSession, type IncomingResponse } from './smp-session';
import { smpSubjects } from './smp-subjects';
import { type ReclaimBounds, ReclaimTimer } from './reclaim-timer';
import { SubscriptionBook } from './subscription-book';

/** What happens on the road that is nobody's answer; for logs and counters. */
export interface SmpRoadEvents {
  onLost?(server: string, reason: string): void;
  /** another client has taken the queue over; it is not fought over, but asked for again ever more rarely */
  onEnded?(server: string, recipientId: Uint8Array): void;
  /** the queue cannot be subscribed, and could not for `lostAfterMs`: told once */
  onRefused?(server: string, recipientId: Uint8Array, error: string): void;
  /** bytes from the server that cannot be understood */
  onRejected?(server: string, bytes: number): void;
}

export interface SmpRoadOptions extends SmpRoadEvents {
  onMessages(messages: IncomingMessage[]): void;
  /** for a hello and for each command; default 5,000 */
  readonly timeoutMs?: number;
  /** how often a PING looks for the session; default 5,000 */
  readonly pingMs?: number;
  /** bounds of the wait between two hellos; default 100 and 5,000 */
  readonly backOffMs?: { readonly first: number; readonly last: number };
  /** before queues are asked for that another client took over; default 15,000 and 900,000 */
  readonly reclaimMs?: ReclaimBounds;
  /** how long a queue is refused before it is lost: a server may be empty by mistake; default 120,000 */
  readonly lostAfterMs?: number;
  /** as in BusOptions */
  readonly inboxPrefix?: string;
  /** how long a server without subscriptions is kept after it was last asked; default 300,000 */
  readonly forgetMs?: number;
}

/** SUBs that are under way at once. */
const SUBSCRIPTION_BATCH = 1350;
/** Before a SUB is tried again that the server could not execute. */
const SUBSCRIPTION_PAUSE_MS = 500;
/** Answers that say "later". */
const TEMPORARY_ERROR = /^(SESSION|STORE|INTERNAL)/;

/** The way to one server: keeps a session while there is something to do, and queues subscribed for ever. */
export class SmpRoad {
  private readonly pending = new PendingCommands();
  private readonly book = new SubscriptionBook();
  private readonly upSubscription: Subscription;
  private readonly pinging: NodeJS.Timeout;
  private readonly expiring: NodeJS.Timeout;
  private readonly timeoutMs: number;
  private session: SmpSession | undefined;
  /** counts sessions and attempts to get one; what an older one still says is ignored */
  private era = 0;
  private readonly pace: HelloPace;
  private opening = false;
  private reconnecting: NodeJS.Timeout | undefined;
  private readonly reclaiming: ReclaimTimer;
  private readonly absent: AbsentQueues;
  private flushing = false;
  private subscribing = false;
  private closed = false;

  constructor(
    private readonly connection: NatsConnection,
    private readonly server: string,
    private readonly options: SmpRoadOptions,
  ) {
    this.timeoutMs = options.timeoutMs ?? 5_000;
    this.reclaiming = new ReclaimTimer(() => this.askFor(this.book.takenOver()), options.reclaimMs);
    this.absent = new AbsentQueues((recipientIds) => this.askFor(recipientIds), options.lostAfterMs);
    this.pace = new HelloPace(options.backOffMs ?? { first: 100, last: 5_000 });
    this.upSubscription = connection.subscribe(smpSubjects(server).up, {
      callback: () => this.renew('the server has started anew'),
    });
    this.pinging = setInterval(() => this.ping(), options.pingMs ?? 5_000);
    this.expiring = setInterval(() => this.expire(), Math.max(this.timeoutMs / 5, 10));
  }

  request(request: SmpRequest): Promise<Response> {
    if (isTooLong(request.command)) return Promise.resolve(errorResponse('LARGE_MSG'));
    return new Promise((resolve, reject) => this.enqueue(request, resolve, reject));
  }

  async subscribe(queues: readonly OwnQueue[]): Promise<void> {
    if (this.closed) return;
    const settled = Promise.all(queues.map((queue) => this.book.want(queue)));
    if (this.session) void this.subscribeMissing();
    else this.connect();
    await settled;
  }

  /** Without a session there is nothing to acknowledge: the message comes again. */
  acknowledge({ recipientId, msgId }: Pick<IncomingMessage, 'recipientId' | 'msgId'>): void {
    const key = this.book.keyOf(recipientId);
    if (this.session && key) this.enqueue({ entityId: recipientId, command: { kind: 'ACK', msgId }, key });
  }

  /** Gives the session up and gets a new one at once, with everything subscribed. */
  renew(reason: string): void {
    if (this.session) return this.lose(reason);
    clearTimeout(this.reconnecting);
    this.reconnecting = undefined;
    this.pace.heard();
    this.connect();
  }

  close(): void {
    this.closed = true;
    this.era++;
    clearInterval(this.pinging);
    clearInterval(this.expiring);
    clearTimeout(this.reconnecting);
    this.reclaiming.stop();
    this.absent.stop();
    if (!this.connection.isClosed()) this.upSubscription.unsubscribe();
    this.session?.close();
    this.session = undefined;
    this.pending.fail('all', 'the client is closed');
    this.book.close();
  }

  private enqueue(
    request: SmpRequest,
    resolve?: (response: Response) => void,
    reject?: (error: TemporaryError) => void,
  ): void {
    if (this.closed) return reject?.(new TemporaryError('the client is closed'));
    if (!this.session && this.pace.hopeless) return reject?.(new TemporaryError(`no server ${this.server}`));
    this.pending.add(request, performance.now() + this.timeoutMs, resolve, reject);
    if (!this.session) return this.connect();
    if (this.flushing) return;
    this.flushing = true;
    setImmediate(() => this.flush());
  }

  /** Everything of one turn of the event loop goes out together. */
  private flush(): void {
    this.flushing = false;
    if (!this.session || this.connection.isClosed()) return;
    const commands = this.pending.takeUnsent();
    if (commands.length > 0) this.session.send(commands);
  }

  private connect(): void {
    if (this.closed || this.session || this.opening || this.reconnecting) return;
    if (this.book.isEmpty && !this.pending.hasUnsent) return;
    this.reconnecting = setTimeout(() => {
      this.reconnecting = undefined;
      void this.open();
    }, this.pace.wait);
  }

  private async open(): Promise<void> {
    const era = ++this.era;
    const current = () => era === this.era && !this.closed;
    this.opening = true;
    this.pace.begin();
    try {
      const options = {
        timeoutMs: this.timeoutMs,
        ...(this.options.inboxPrefix && { inboxPrefix: this.options.inboxPrefix }),
      };
      const session = await SmpSession.open(this.connection, this.server, options, {
        onResponses: (responses) => void (current() && this.receive(responses)),
        onLost: (reason) => void (current() && this.lose(reason)),
        onRejected: (bytes) => this.options.onRejected?.(this.server, bytes),
      });
      if (current()) this.session = session;
      else session.close();
    } catch (error) {
      this.pace.rest();
      this.pending.fail('unsent', `no session with ${this.server}: ${(error as Error).message}`);
    }
    this.opening = false;
    if (!this.session) return this.connect();
    this.flush();
    void this.subscribeMissing();
  }

  private lose(reason: string): void {
    this.era++;
    this.session?.close();
    this.session = undefined;
    this.book.sessionLost();
    this.pending.fail('sent', reason);
    this.options.onLost?.(this.server, reason);
    this.pace.rest();
    this.connect();
  }

  private ping(): void {
    if (this.session) this.enqueue({ entityId: EMPTY, command: { kind: 'PING' } });
  }

  private expire(): void {
    if (this.pending.expire(performance.now())) this.lose('no answer in time');
  }

  /** SUBs in batches until every wanted queue is live or given up, or the session is lost. */
  private async subscribeMissing(): Promise<void> {
    if (this.subscribing) return;
    this.subscribing = true;
    while (this.session) {
      const queues = this.book.nextMissing(SUBSCRIPTION_BATCH);
      if (queues.length === 0) break;
      const answered = await Promise.all(queues.map((queue) => this.subscribeOne(queue)));
      if (answered.includes(false) && this.session) await delay(SUBSCRIPTION_PAUSE_MS);
    }
    this.subscribing = false;
  }

  private subscribeOne({ recipientId, key }: OwnQueue): Promise<boolean> {
    return new Promise((resolve) => {
      this.enqueue(
        { entityId: recipientId, command: { kind: 'SUB' }, key },
        (response) => {
          if (response.kind === 'SOK') this.book.subscribed({ recipientId, key });
          else this.refused(recipientId, response);
          if (response.kind === 'SOK') this.absent.forget(recipientId);
          resolve(true);
        },
        () => resolve(false),
      );
    });
  }

  private refused(recipientId: Uint8Array, response: Response): void {
    const error = response.kind === 'ERR' ? response.error : response.kind;
    const isLost = this.book.refused(recipientId) && this.absent.refused(recipientId);
    if (isLost) this.options.onRefused?.(this.server, recipientId, error);
  }

  private receive(responses: readonly IncomingResponse[]): void {
    const messages: IncomingMessage[] = [];
    for (const incoming of responses) {
      const { response } = incoming;
      if (response.kind === 'ERR' && response.error === 'SESSION') {
        this.lose('the server does not know the session');
        break;
      }
      this.pace.heard();
      if (response.kind === 'MSG') {
        messages.push(this.messageOf(incoming, response));
      }
      if (incoming.corrId.length === 0) this.pushed(incoming);
      else this.answered(incoming);
    }
    if (messages.length > 0) this.options.onMessages(messages);
  }

  private pushed({ entityId, response }: IncomingResponse): void {
    if (response.kind === 'END') {
      this.book.ended(entityId);
      this.reclaiming.begin();
      this.options.onEnded?.(this.server, entityId);
    } else if (response.kind === 'DELD') {
      this.refused(entityId, response);
    } else if (response.kind === 'ERR') {
      this.options.onRejected?.(this.server, 0);
    }
  }

  private askFor(recipientIds: readonly Uint8Array[]): void {
    this.book.miss(recipientIds);
    if (this.session) void this.subscribeMissing();
  }

  private answered({ corrId, response }: IncomingResponse): void {
    const pending = this.pending.take(corrId);
    if (!pending) return;
    if (response.kind === 'ERR' && TEMPORARY_ERROR.test(response.error)) {
      return pending.reject?.(new TemporaryError(response.error));
    }
    const { command, entityId, key } = pending;
    const isGone = response.kind === 'OK' || (response.kind === 'ERR' && response.error === 'AUTH');
    if (isGone && command.kind === 'DEL') {
      this.book.giveUp(entityId);
      this.absent.forget(entityId);
    }
    if (response.kind === 'IDS' && command.kind === 'NEW' && command.subscribe && key) {
      this.book.subscribed({ recipientId: response.recipientId, key });
    }
    pending.resolve?.(response);
  }

  private messageOf(
    { entityId: recipientId, trace }: IncomingResponse,
    { msgId, body: sealed }: ResponseOf<'MSG'>,
  ): IncomingMessage {
    return { server: this.server, recipientId, msgId, sealed, trace };
  }
}
