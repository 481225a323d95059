import { Controller } from '@nestjs/common';
import { Request, RequestRefused, smpServerRequests } from '@chat-relays/bus';
import { asBuffer, type QueueState, type QueueStatus } from '@chat-relays/smp';
import type { z } from 'zod';
import { formatFaults, parseFaults } from './faults/fault-text';
import { Faults } from './faults/faults';
import { SmpMetrics } from './smp-metrics';
import { NotStored, SmpServer } from './smp-server';

const {
  'smp-server.*.status.get': getStatus,
  'smp-server.*.faults.get': getFaults,
  'smp-server.*.faults.set': setFaults,
  'smp-server.*.pause': pause,
  'smp-server.*.resume': resume,
  'smp-server.*.queue.get': getQueue,
  'smp-server.*.queue.block': blockQueue,
  'smp-server.*.queue.unblock': unblockQueue,
  'smp-server.*.queue.delete': deleteQueue,
} = smpServerRequests;

type RequestOf<C extends { readonly request: z.ZodType }> = z.output<C['request']>;

const MS_PER_DAY = 86_400_000;

/** What the operator asks. */
@Controller()
export class OperatorController {
  constructor(
    private readonly server: SmpServer,
    private readonly faults: Faults,
    private readonly metrics: SmpMetrics,
  ) {}

  @Request(getStatus)
  status() {
    return this.server.sizes;
  }

  @Request(getFaults)
  listFaults() {
    return this.faultsNow();
  }

  @Request(setFaults)
  replaceFaults({ text, faults }: RequestOf<typeof setFaults>) {
    const read = faults ? { faults } : parseFaults(text ?? '');
    if ('problem' in read)
      throw new RequestRefused('invalid', `${setFaults.subject}: text: ${read.problem}`, [
        { path: 'text', message: read.problem },
      ]);
    this.faults.set(read.faults);
    return this.faultsNow();
  }

  @Request(pause)
  pause({ ms }: RequestOf<typeof pause>) {
    this.faults.pause(ms);
    return this.faultsNow();
  }

  @Request(resume)
  resume() {
    this.faults.resume();
    return this.faultsNow();
  }

  @Request(getQueue)
  queue({ id }: RequestOf<typeof getQueue>) {
    return description(this.known(id));
  }

  @Request(blockQueue)
  async block({ id, reason }: RequestOf<typeof blockQueue>) {
    this.known(id);
    await this.operate(id, `blocked reason=${reason}`);
    this.metrics.countBlocked();
    return description(this.known(id));
  }

  @Request(unblockQueue)
  async unblock({ id }: RequestOf<typeof unblockQueue>) {
    if (!this.known(id).row.status.startsWith('blocked'))
      throw new RequestRefused('not_blocked', `the queue ${id} is not blocked`);
    await this.operate(id, 'active');
    return description(this.known(id));
  }

  @Request(deleteQueue)
  async remove({ id }: RequestOf<typeof deleteQueue>) {
    const { messages } = this.known(id);
    await this.operate(id, undefined);
    return { messages: messages.length };
  }

  private faultsNow() {
    const { settings: faults, paused } = this.faults;
    return { text: formatFaults(faults), faults, paused };
  }

  private known(id: string): QueueState {
    return this.server.queueOf(bytesOf(id)) ?? unknown(id);
  }

  private async operate(id: string, status: QueueStatus | undefined): Promise<void> {
    try {
      if (!(await this.server.run((batch) => batch.operate(bytesOf(id), status)))) unknown(id);
    } catch (error) {
      if (!(error instanceof NotStored)) throw error;
      throw new RequestRefused('not_stored', 'the store failed; look at the queue and try again');
    }
  }
}

function unknown(id: string): never {
  throw new RequestRefused('not_found', `no queue has the sender or link id ${id}`);
}

function bytesOf(id: string): Buffer {
  return Buffer.from(id, 'base64url');
}

function base64url(bytes: Uint8Array): string {
  return asBuffer(bytes).toString('base64url');
}

function description({ row, messages, subscriber }: QueueState) {
  const { senderId, link, status, mode, senderKey, updatedOn } = row;
  return {
    senderId: base64url(senderId),
    ...(link && { linkId: base64url(link.linkId) }),
    status,
    ...(mode && { mode }),
    secured: senderKey !== undefined,
    messages: messages.length,
    subscribed: subscriber !== undefined,
    usedOn: updatedOn * MS_PER_DAY,
  };
}
