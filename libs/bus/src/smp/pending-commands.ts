import { randomBytes } from 'node:crypto';
import { TemporaryError, type SmpRequest } from '@chat-relays/agent';
import { bytesKey, type Response } from '@chat-relays/smp';
import type { OutgoingCommand } from './block-publisher';

export interface Pending {
  readonly command: OutgoingCommand;
  readonly deadline: number;
  sent: boolean;
  /** called at once when the response is read, before what comes after it */
  resolve?(response: Response): void;
  reject?(error: TemporaryError): void;
}

const CORR_PREFIX_BYTES = 16;

/** Commands that wait to be sent or for their response, oldest first, found by corrId. */
export class PendingCommands {
  private readonly byCorrId = new Map<string, Pending>();
  private unsent: Pending[] = [];
  private readonly corrPrefix = randomBytes(CORR_PREFIX_BYTES);
  private corrCount = 0n;

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
    const key = bytesKey(corrId);
    if (this.byCorrId.has(key)) return reject?.(new TemporaryError('the same command is under way'));
    const { entityId, command, key: authorization, trace } = request;
    const pending: Pending = {
      command: {
        corrId,
        entityId,
        command,
        ...(authorization && { key: authorization }),
        ...(trace && { trace }),
      },
      deadline,
      sent: false,
      ...(resolve && { resolve }),
      ...(reject && { reject }),
    };
    this.byCorrId.set(key, pending);
    this.unsent.push(pending);
  }

  /** What was not sent before; it counts as sent now. */
  takeUnsent(): OutgoingCommand[] {
    const commands: OutgoingCommand[] = [];
    for (const pending of this.unsent.splice(0)) {
      pending.sent = true;
      commands.push(pending.command);
    }
    return commands;
  }

  take(corrKey: string): Pending | undefined {
    const pending = this.byCorrId.get(corrKey);
    this.byCorrId.delete(corrKey);
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
    const corrId = Buffer.allocUnsafe(CORR_PREFIX_BYTES + 8);
    this.corrPrefix.copy(corrId);
    corrId.writeBigUInt64BE(++this.corrCount, CORR_PREFIX_BYTES);
    return corrId;
  }
}
