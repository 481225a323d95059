import { randomBytes } from 'node:crypto';
import { TemporaryError, type SmpRequest } from '@chat-relays/agent';
import { asBuffer, bytesKey, type PrivateKey, type Response } from '@chat-relays/smp';
import type { OutgoingCommand } from './block-publisher';

/** All of one shape: there is one for each message. */
export interface Pending extends OutgoingCommand {
  readonly key: PrivateKey | undefined;
  readonly trace: string | undefined;
  readonly deadline: number;
  sent: boolean;
  /** called at once when the response is read, before what comes after it */
  readonly resolve: ((response: Response) => void) | undefined;
  readonly reject: ((error: TemporaryError) => void) | undefined;
}

const CORR_PREFIX_BYTES = 16;
const COUNT_BYTES = 8;
const WORD = 2 ** 32;

/** Commands that wait to be sent or for their response, oldest first, found by corrId. */
export class PendingCommands {
  private readonly byCorrId = new Map<number | string, Pending>();
  private unsent: Pending[] = [];
  private readonly corrPrefix = randomBytes(CORR_PREFIX_BYTES);
  private corrCount = 0;

  get hasUnsent(): boolean {
    return this.unsent.length > 0;
  }

  add(
    request: SmpRequest,
    deadline: number,
    resolve?: (response: Response) => void,
    reject?: (error: TemporaryError) => void,
  ): void {
    const corrId = request.corrId ?? this.nextCorrId();
    const name = this.nameOf(corrId);
    if (this.byCorrId.has(name)) return reject?.(new TemporaryError('the same command is under way'));
    const { entityId, command, key, trace } = request;
    const pending = { corrId, entityId, command, key, trace, deadline, sent: false, resolve, reject };
    this.byCorrId.set(name, pending);
    this.unsent.push(pending);
  }

  /** What was not sent before; it counts as sent now. */
  takeUnsent(): readonly OutgoingCommand[] {
    const commands = this.unsent;
    this.unsent = [];
    for (const pending of commands) pending.sent = true;
    return commands;
  }

  take(corrId: Uint8Array): Pending | undefined {
    const name = this.nameOf(corrId);
    const pending = this.byCorrId.get(name);
    if (pending) this.byCorrId.delete(name);
    return pending;
  }

  /** Fails those that were sent, those that were not, or all. */
  fail(which: 'sent' | 'unsent' | 'all', reason: string): void {
    this.drop((pending) => which === 'all' || pending.sent === (which === 'sent'), reason);
  }

  /** True when a sent command got no answer in time; unsent ones that are late fail. */
  expire(now: number): boolean {
    for (const { deadline, sent } of this.byCorrId.values()) {
      if (deadline > now) return false;
      if (sent) return true;
      this.drop((pending) => !pending.sent && pending.deadline <= now, 'no session in time');
    }
    return false;
  }

  private drop(matches: (pending: Pending) => boolean, reason: string): void {
    const dropped: Pending[] = [];
    for (const [key, pending] of this.byCorrId) {
      if (!matches(pending)) continue;
      this.byCorrId.delete(key);
      dropped.push(pending);
    }
    this.unsent = this.unsent.filter((pending) => !matches(pending));
    for (const pending of dropped) pending.reject?.(new TemporaryError(reason));
  }

  /** 24 bytes: a random prefix and a count. */
  private nextCorrId(): Uint8Array {
    const corrId = Buffer.allocUnsafe(CORR_PREFIX_BYTES + COUNT_BYTES);
    this.corrPrefix.copy(corrId);
    const count = ++this.corrCount;
    corrId.writeUInt32BE(Math.floor(count / WORD), CORR_PREFIX_BYTES);
    corrId.writeUInt32BE(count % WORD, CORR_PREFIX_BYTES + 4);
    return corrId;
  }

  /** The count of a corrId that was made here, which needs no string; `bytesKey` of any other. */
  private nameOf(corrId: Uint8Array): number | string {
    const bytes = asBuffer(corrId);
    if (bytes.length !== CORR_PREFIX_BYTES + COUNT_BYTES) return bytesKey(bytes);
    for (let at = 0; at < CORR_PREFIX_BYTES; at++) {
      if (bytes[at] !== this.corrPrefix[at]) return bytesKey(bytes);
    }
    return bytes.readUInt32BE(CORR_PREFIX_BYTES) * WORD + bytes.readUInt32BE(CORR_PREFIX_BYTES + 4);
  }
}
