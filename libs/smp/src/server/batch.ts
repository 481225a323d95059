/** Commands applied to an SMP server, invisible until they are committed. */
import { decodeCommand, type Command, type NewQueue } from '../commands/command';
import { errorResponse } from '../commands/response';
import { sha256 } from '../crypto';
import { bytesKey } from '../encoding';
import { authorizationKind, type ServerSession } from '../transport/server-session';
import type { ReceivedTransmission } from '../transport/transmission';
import { access, type Found } from './access';
import { misplacedCredentials } from './credentials';
import { reduceLink, type LinkCommand } from './link';
import { dayOf, ID_BYTES, linkIdOf, newQueue, refusalOfRepeat } from './new-queue';
import { Outbox, type Origin, type Outgoing } from './outbox';
import { Overlay } from './overlay';
import { reduceQueue, type QueueCommand } from './queue';
import {
  withRow,
  type QueueEnv,
  type QueueRecord,
  type QueueState,
  type QueueStatus,
  type StoredMessage,
} from './queue-state';
import type { Changes, MessageRecord, ServerEnv, ServerMaps } from './server-state';
import { moveSessions } from './sessions';
import { emptyTally, tallyDelivery, tallyQueue, type Tally } from './tally';

export class Batch {
  /** for statistics, once the batch is committed */
  readonly tally: Tally = emptyTally();
  readonly queues: Overlay<QueueState>;
  readonly bySender: Overlay<string>;
  readonly byLink: Overlay<string>;
  private readonly byNewHash: Overlay<string>;
  private readonly added = new Map<number, MessageRecord>();
  private readonly removed = new Set<number>();
  private readonly origins: Origin[] = [];
  private readonly outbox = new Outbox();
  private ended = false;
  /** what every command of the batch may use */
  private readonly always: Omit<QueueEnv, 'session' | 'trace'>;

  constructor(
    private readonly maps: ServerMaps,
    private readonly env: ServerEnv,
    private readonly onEnd: () => void,
  ) {
    this.queues = new Overlay(maps.queues);
    this.bySender = new Overlay(maps.bySender);
    this.byLink = new Overlay(maps.byLink);
    this.byNewHash = new Overlay(maps.byNewHash);
    this.always = {
      quota: env.quota,
      now: () => env.now(),
      messageId: () => env.randomBytes(ID_BYTES),
      nextSeq: () => ++maps.lastSeq,
    };
  }

  /** Transmissions applied so far. */
  get size(): number {
    return this.origins.length;
  }

  /** Executes one transmission. Whatever its bytes are, it is answered; nothing is visible yet. */
  apply(session: ServerSession, transmission: ReceivedTransmission, trace?: string): void {
    const decodedCommand = decodeCommand(transmission.body);
    const command = decodedCommand.ok ? decodedCommand.value : undefined;
    const origin = this.arrived(session, transmission, command, trace);
    const { authorization } = transmission;
    if (authorization.length > 0 && !authorizationKind(authorization)) {
      return this.outbox.reject(origin, errorResponse('BLOCK'));
    }
    if (!decodedCommand.ok) return this.refuse(origin, decodedCommand.error);
    const misplaced = misplacedCredentials(decodedCommand.value.kind, transmission);
    if (misplaced) return this.refuse(origin, misplaced);
    this.execute(origin, transmission, decodedCommand.value);
  }

  /** Answers an error, and does nothing of what the transmission asks. */
  answerError(
    session: ServerSession,
    transmission: ReceivedTransmission,
    error: string,
    trace?: string,
  ): void {
    const command = decodeCommand(transmission.body);
    this.refuse(this.arrived(session, transmission, command.ok ? command.value : undefined, trace), error);
  }

  private arrived(
    session: ServerSession,
    transmission: ReceivedTransmission,
    command: Command | undefined,
    trace: string | undefined,
  ): Origin {
    const { corrId, entityId } = transmission;
    const origin: Origin = { session, corrId, entityId, answers: command?.kind, trace };
    this.origins.push(origin);
    return origin;
  }

  private refuse(origin: Origin, error: string): void {
    this.outbox.respond(origin, errorResponse(error));
  }

  private execute(origin: Origin, transmission: ReceivedTransmission, command: Command): void {
    if (command.kind === 'PING') return this.outbox.respond(origin, { kind: 'PONG' });
    if (command.kind === 'NEW') return this.create(origin, transmission, command);
    const found = access(command, transmission, origin.session, this);
    if (typeof found === 'string') return this.refuse(origin, found);
    const today = dayOf(this.env.now());
    const touched =
      found.queue.row.updatedOn === today
        ? found
        : this.put(found, withRow(found.queue, { ...found.queue.row, updatedOn: today }));
    switch (command.kind) {
      case 'LSET':
      case 'LDEL':
      case 'LGET':
      case 'LKEY':
        return this.link(origin, touched, command);
      default:
        return this.queue(origin, touched, command);
    }
  }

  private queue(origin: Origin, found: Found, command: QueueCommand): void {
    const { queue } = found;
    const { recipientId } = queue.row;
    const step = reduceQueue(queue, command, this.queueEnv(origin));
    tallyDelivery(this.tally, command, queue, step, origin.session.name);
    if (step.added) this.added.set(step.added.seq, { ...step.added, recipientId });
    if (step.removed) this.remove(step.removed);
    this.put(found, step.queue);
    const { response, responseTrace: trace, deliveredAt } = step;
    const ackSeconds = deliveredAt === undefined ? undefined : this.env.now() - deliveredAt;
    this.outbox.respond(origin, response, { trace, ackSeconds });
    this.outbox.push(recipientId, step.pushes);
  }

  private queueEnv({ session, trace }: Origin): QueueEnv {
    const { quota, now, messageId, nextSeq } = this.always;
    return { session: session.name, trace, quota, now, messageId, nextSeq };
  }

  private link(origin: Origin, found: Found, command: LinkCommand): void {
    const holder = command.kind === 'LSET' ? this.byLink.get(bytesKey(command.linkId)) : undefined;
    const taken = holder !== undefined && holder !== found.key;
    const { row, response } = reduceLink(found.queue.row, command, taken);
    if (row !== found.queue.row) this.put(found, withRow(found.queue, row));
    this.outbox.respond(origin, response);
  }

  /** A NEW with the bytes of an earlier one, its corrId among them, is the same NEW again. */
  private create(origin: Origin, transmission: ReceivedTransmission, command: NewQueue): void {
    const { session } = origin;
    if (!session.verifies([command.recipientKey], '', transmission, false))
      return this.refuse(origin, 'AUTH');
    const newHash = sha256(Buffer.concat([transmission.corrId, transmission.body]));
    const known = this.byNewHash.get(bytesKey(newHash));
    let queue = known === undefined ? undefined : this.queues.get(known);
    if (queue) {
      const refusal = refusalOfRepeat(command, queue.row);
      if (refusal) return this.refuse(origin, refusal);
    } else {
      const made = newQueue(command, transmission.corrId, newHash, this, this.env);
      if (typeof made === 'string') return this.refuse(origin, made);
      queue = made;
      this.tally.created++;
      const { recipientId, senderId, link } = queue.row;
      const key = bytesKey(recipientId);
      this.bySender.set(bytesKey(senderId), key);
      this.byNewHash.set(bytesKey(newHash), key);
      if (link) this.byLink.set(bytesKey(link.linkId), key);
      this.queues.set(key, queue);
    }
    const { recipientId, senderId, serverDhSeed, mode } = queue.row;
    const serverDhKey = this.env.crypto.keyPair('x25519', serverDhSeed).publicKey;
    const linkId = linkIdOf(command, queue.row);
    this.outbox.respond(origin, {
      kind: 'IDS',
      recipientId,
      senderId,
      serverDhKey,
      ...(mode && { mode }),
      ...(linkId && { linkId }),
    });
    if (!command.subscribe) return;
    const { queue: subscribed, pushes } = reduceQueue(queue, { kind: 'SUB' }, this.queueEnv(origin));
    this.queues.set(bytesKey(recipientId), subscribed);
    this.outbox.push(recipientId, pushes);
  }

  /** The queue as it is from now on, in every index; undefined: it is deleted. */
  private put({ key, queue: before }: Found, after: QueueState | undefined): Found {
    const [was, is] = [before.row.link, after?.row.link];
    if (was !== is) {
      if (was) this.byLink.set(bytesKey(was.linkId), undefined);
      if (is) this.byLink.set(bytesKey(is.linkId), key);
    }
    if (!after) {
      before.messages.forEach((message) => this.remove(message));
      this.bySender.set(bytesKey(before.row.senderId), undefined);
      this.byNewHash.set(bytesKey(before.row.newHash), undefined);
    }
    if (before !== after) {
      this.queues.set(key, after);
      tallyQueue(this.tally, before, after);
    }
    return { key, queue: after ?? before };
  }

  private remove(message: StoredMessage): void {
    if (!this.added.delete(message.seq)) this.removed.add(message.seq);
  }

  /** Removes messages from the heads of all queues that are older than `before` (unix seconds); quota markers stay. */
  expire(before: number): number {
    let expired = 0;
    for (const [key, queue] of this.maps.queues) {
      const fresh = queue.messages.findIndex(({ quota, timestamp }) => quota || timestamp >= before);
      const count = fresh < 0 ? queue.messages.length : fresh;
      if (count === 0) continue;
      queue.messages.slice(0, count).forEach((message) => this.remove(message));
      this.queues.set(key, { ...queue, messages: queue.messages.slice(count) });
      expired += count;
    }
    return expired;
  }

  /**
   * The operator's hand on a queue. False when there is none with this sender or link id.
   * @param status undefined deletes the queue
   */
  operate(entityId: Uint8Array, status: QueueStatus | undefined): boolean {
    const entityKey = bytesKey(entityId);
    const key = this.bySender.get(entityKey) ?? this.byLink.get(entityKey);
    const queue = key === undefined ? undefined : this.queues.get(key);
    if (key === undefined || !queue) return false;
    this.put({ key, queue }, status && withRow(queue, { ...queue.row, status }));
    const { subscriber, row } = queue;
    if (!status && subscriber) {
      this.outbox.push(row.recipientId, [{ session: subscriber.session, response: { kind: 'DELD' } }]);
    }
    return true;
  }

  /** What has to be stored before `commit`: the net difference. */
  get changes(): Changes {
    const putQueues: QueueRecord[] = [];
    const deletedQueues: Uint8Array[] = [];
    this.queues.forEachChanged((_, before, after) => {
      if (after && after.row !== before?.row) putQueues.push(after.row);
      if (before && !after) deletedQueues.push(before.row.recipientId);
    });
    return {
      putQueues,
      deletedQueues,
      addedMessages: [...this.added.values()],
      removedMessages: [...this.removed],
    };
  }

  private end(): void {
    if (this.ended) throw new Error('the batch has ended');
    this.ended = true;
  }

  /** Makes the batch visible. Answers what goes to each session, by its name, in order. */
  commit(): Map<string, Outgoing[]> {
    this.end();
    this.queues.forEachChanged((key, before, after) => moveSessions(this.maps.sessions, key, before, after));
    for (const overlay of [this.queues, this.bySender, this.byLink, this.byNewHash]) overlay.apply();
    this.onEnd();
    return this.outbox.bySession;
  }

  /** Forgets the batch. Answers `ERR STORE` for every transmission of it. */
  discard(): Map<string, Outgoing[]> {
    this.end();
    this.outbox.clear();
    for (const origin of this.origins) this.refuse(origin, 'STORE not committed');
    this.onEnd();
    return this.outbox.bySession;
  }
}
