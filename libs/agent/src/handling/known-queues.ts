import type { QueueId, ReceiveQueue } from '../commands/command';
import type { Received } from '../sealing/send-queue';

/** The queues that this process receives from, as far as it has come with each. */
export class KnownQueues {
  private readonly queues = new Map<string, ReceiveQueue>();

  of(queue: QueueId): ReceiveQueue | undefined {
    return this.queues.get(queueKey(queue));
  }

  know(queues: readonly ReceiveQueue[]): void {
    for (const queue of queues) {
      const known = this.of(queue);
      // one that is known may have come further than the commit that made it says; a link may have got another record
      if (!known || known.id !== queue.id) this.queues.set(queueKey(queue), queue);
    }
  }

  /** As they are kept: another process of the same name may have read from them since this one did. */
  renew(queues: readonly ReceiveQueue[]): void {
    for (const queue of queues) if (this.of(queue)) this.queues.set(queueKey(queue), queue);
  }

  forget(queues: readonly QueueId[]): void {
    for (const queue of queues) this.queues.delete(queueKey(queue));
  }

  /** What the next message of the queue is compared with. */
  advance(received: Received): void {
    const queue = this.of(received);
    if (!queue) return;
    const { peerDhKey, position, time } = received;
    this.queues.set(queueKey(received), {
      ...queue,
      ...(peerDhKey && { peerDhKey }),
      ...(position && { received: position, receivedTime: time }),
    });
  }
}

function queueKey({ server, recipientId }: QueueId): string {
  return `${server} ${Buffer.from(recipientId).toString('latin1')}`;
}
