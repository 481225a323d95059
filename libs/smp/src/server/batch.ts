/** Commands applied to an SMP server, invisible until they are committed. */
import {
  decodeCommand,
  type Command,
  type CommandKind,
  type CommandOf,
  type NewQueue,
} from '../commands/command';
import { misplacedCredentials } from './credentials';
import { realCrypto, sha256 } from '../crypto';
import { bytesKey, EMPTY, sameBytes } from '../encoding';
import { reduceLink } from './link';
import { ID_BYTES, newQueueRow, own } from './new-queue';
import { Overlay } from './overlay';
import { reduceQueue, subscribe, type Push, type QueueCommand, type StoredMessage } from './queue';
import { errorResponse, type Response } from '../commands/response';
import {
  isRowChanged,
  rowOf,
  type Changes,
  type MessageRecord,
  type QueueRecord,
  type ServerEnv,
  type ServerMaps,
  type ServerQueue,
} from './server-state';
import type { Transmission } from '../transport/transmission';

/** What the server says: to a command (its corrId), or unasked (empty corrId). */
export interface Outgoing {
  readonly corrId: Uint8Array;
  readonly entityId: Uint8Array;
  readonly response: Response;
  /** the command that this answers; none for a push and for bytes that are no command */
  readonly answers?: CommandKind;
  /** traceparent: of the message that goes out with it, else of the command */
  readonly trace?: string;
}

interface Origin {
  readonly session: string;
  readonly transmission: Transmission;
  readonly answers?: CommandKind;
  readonly trace?: string;
}

export class Batch {
  readonly queues: Overlay<ServerQueue>;
  readonly bySender: Overlay<string>;
  readonly byLink: Overlay<string>;
  private readonly byRecipientKey: Overlay<string>;
  private readonly added = new Map<number, MessageRecord>();
  private readonly removed = new Set<number>();
  private readonly origins: Origin[] = [];
  private readonly outgoing = new Map<string, Outgoing[]>();
  private ended = false;

  constructor(
    private readonly maps: ServerMaps,
    private readonly env: ServerEnv,
    private readonly onEnd: () => void,
  ) {
    this.queues = new Overlay(maps.queues);
    this.bySender = new Overlay(maps.bySender);
    this.byLink = new Overlay(maps.byLink);
    this.byRecipientKey = new Overlay(maps.byRecipientKey);
  }

  /** Transmissions applied so far. */
  get size(): number {
    return this.origins.length;
  }

  /** Executes one transmission. Whatever its bytes are, it is answered; nothing is visible yet. */
  apply(session: string, transmission: Transmission, trace?: string): void {
    const decodedCommand = decodeCommand(transmission.body);
    const command = decodedCommand.ok ? decodedCommand.value : undefined;
    const origin: Origin = {
      session,
      transmission,
      ...(command && { answers: command.kind }),
      ...(trace && { trace }),
    };
    this.origins.push(origin);
    if (!decodedCommand.ok) return this.respond(origin, errorResponse(decodedCommand.error));
    const misplaced = misplacedCredentials(decodedCommand.value.kind, transmission);
    if (misplaced) return this.respond(origin, errorResponse(misplaced));
    this.execute(origin, decodedCommand.value);
  }

  private execute(origin: Origin, command: Command): void {
    switch (command.kind) {
      case 'PING':
        return this.respond(origin, { kind: 'PONG' });
      case 'NEW':
        return this.create(origin, command);
      case 'LGET':
        return this.link(origin, this.byLink.get(bytesKey(origin.transmission.entityId)), command);
      case 'LSET':
      case 'LDEL':
        return this.link(origin, bytesKey(origin.transmission.entityId), command);
      case 'SEND':
        return this.queue(origin, this.bySender.get(bytesKey(origin.transmission.entityId)), command);
      default:
        return this.queue(origin, bytesKey(origin.transmission.entityId), command);
    }
  }

  private respond(origin: Origin, response: Response, trace = origin.trace): void {
    const { corrId, entityId } = origin.transmission;
    this.emit(origin.session, {
      corrId,
      entityId,
      response,
      ...(origin.answers && { answers: origin.answers }),
      ...(trace && { trace }),
    });
  }

  private push(recipientId: Uint8Array, pushes: readonly Push[]): void {
    for (const { session, response, trace } of pushes) {
      this.emit(session, { corrId: EMPTY, entityId: recipientId, response, ...(trace && { trace }) });
    }
  }

  private emit(session: string, outgoing: Outgoing): void {
    if (!this.outgoing.get(session)?.push(outgoing)) this.outgoing.set(session, [outgoing]);
  }

  private queue(origin: Origin, key: string | undefined, command: QueueCommand): void {
    const queue = key === undefined ? undefined : this.queues.get(key);
    if (key === undefined || !queue) return this.respond(origin, errorResponse('AUTH'));
    const step = reduceQueue(queue, command, {
      session: origin.session,
      quota: this.env.quota,
      ...(origin.trace && { trace: origin.trace }),
      now: () => this.env.now(),
      messageId: () => this.env.randomBytes(ID_BYTES),
      nextSeq: () => ++this.maps.lastSeq,
    });
    if (step.added) this.added.set(step.added.seq, { ...step.added, recipientId: queue.recipientId });
    if (step.removed) this.remove(step.removed);
    if (step.queue) this.queues.set(key, step.queue);
    else this.forget(key, queue);
    this.respond(origin, step.response, step.responseTrace);
    this.push(queue.recipientId, step.pushes);
  }

  private remove(message: StoredMessage): void {
    if (!this.added.delete(message.seq)) this.removed.add(message.seq);
  }

  private forget(key: string, queue: ServerQueue): void {
    queue.messages.forEach((message) => this.remove(message));
    this.queues.set(key, undefined);
    this.bySender.set(bytesKey(queue.senderId), undefined);
    this.byRecipientKey.set(bytesKey(queue.recipientKey), undefined);
    if (queue.link) this.byLink.set(bytesKey(queue.link.linkId), undefined);
  }

  private link(origin: Origin, key: string | undefined, command: CommandOf<'LSET' | 'LDEL' | 'LGET'>): void {
    const queue = key === undefined ? undefined : this.queues.get(key);
    if (key === undefined || !queue) return this.respond(origin, errorResponse('AUTH'));
    const holder = command.kind === 'LSET' ? this.byLink.get(bytesKey(command.linkId)) : undefined;
    const { link, response } = reduceLink(queue, command, holder !== undefined && holder !== key);
    if (link !== queue.link) {
      const { link: before, ...rest } = queue;
      const after = link && {
        linkId: own(link.linkId),
        fixedData: own(link.fixedData),
        userData: own(link.userData),
      };
      if (before) this.byLink.set(bytesKey(before.linkId), undefined);
      if (after) this.byLink.set(bytesKey(after.linkId), key);
      this.queues.set(key, { ...rest, ...(after && { link: after }) });
    }
    this.respond(origin, response);
  }

  /** A NEW with the bytes of an earlier one, found by its recipient key, is the same NEW again. */
  private create(origin: Origin, command: NewQueue): void {
    const { session, transmission } = origin;
    const newHash = sha256(transmission.body);
    const known = this.byRecipientKey.get(bytesKey(command.recipientKey));
    let queue = known === undefined ? undefined : this.queues.get(known);
    if (queue && !sameBytes(queue.newHash, newHash)) return this.respond(origin, errorResponse('AUTH'));
    if (!queue) {
      const row = newQueueRow(command, transmission.corrId, newHash, this, this.env);
      if (typeof row === 'string') return this.respond(origin, errorResponse(row));
      queue = { ...row, messages: [] };
      const key = bytesKey(row.recipientId);
      this.bySender.set(bytesKey(row.senderId), key);
      this.byRecipientKey.set(bytesKey(row.recipientKey), key);
      if (row.link) this.byLink.set(bytesKey(row.link.linkId), key);
      this.queues.set(key, queue);
    }
    const { recipientId, senderId, serverDhSeed, mode, link } = queue;
    const serverDhKey = realCrypto.keyPair('x25519', serverDhSeed).publicKey;
    const linkId = link?.linkId;
    this.respond(origin, {
      kind: 'IDS',
      recipientId,
      senderId,
      serverDhKey,
      ...(mode && { mode }),
      ...(linkId && { linkId }),
    });
    if (command.subscribe) {
      const subscribed = subscribe(queue, session);
      this.queues.set(bytesKey(recipientId), subscribed.queue);
      this.push(recipientId, subscribed.pushes);
    }
  }

  /** What has to be stored before `commit`: the net difference. */
  get changes(): Changes {
    const putQueues: QueueRecord[] = [];
    const deletedQueues: Uint8Array[] = [];
    for (const { before, after } of this.queues.changed()) {
      if (after && isRowChanged(before, after)) putQueues.push(rowOf(after));
      if (before && !after) deletedQueues.push(before.recipientId);
    }
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

  /** Makes the batch visible. Answers what goes to each session, in order. */
  commit(): Map<string, Outgoing[]> {
    this.end();
    const { sessions } = this.maps;
    for (const { key, before, after } of this.queues.changed()) {
      const from = before?.subscriber?.session;
      const to = after?.subscriber?.session;
      if (from === to) continue;
      if (from !== undefined && sessions.get(from)?.delete(key) && sessions.get(from)!.size === 0) {
        sessions.delete(from);
      }
      if (to !== undefined && !sessions.get(to)?.add(key)) sessions.set(to, new Set([key]));
    }
    for (const overlay of [this.queues, this.bySender, this.byLink, this.byRecipientKey]) overlay.apply();
    this.onEnd();
    return this.outgoing;
  }

  /** Forgets the batch. Answers `ERR STORE` for every transmission of it. */
  discard(): Map<string, Outgoing[]> {
    this.end();
    this.outgoing.clear();
    for (const origin of this.origins) this.respond(origin, errorResponse('STORE not committed'));
    this.onEnd();
    return this.outgoing;
  }
}
