import type { Messages, NewMessage, Received } from '@chat-relays/agent';
import { messageKey } from '@chat-relays/protocol';

export class MemoryMessages implements Messages {
  /** in the order of arrival */
  readonly kept = new Map<string, NewMessage>();
  /** counts calls that may have changed something */
  version = 0;

  constructor(private readonly keepReceived: (received: readonly Received[]) => void = () => undefined) {}

  async insert(messages: readonly NewMessage[], received: readonly Received[]): Promise<number> {
    this.version++;
    this.keepReceived(received);
    const before = this.kept.size;
    for (const message of messages) {
      const key = messageKey(message.membershipId, message.author, message.messageId);
      if (!this.kept.has(key)) this.kept.set(key, message);
    }
    return this.kept.size - before;
  }
}
