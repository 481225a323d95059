import type { Messages, NewMessage } from '@chat-relays/agent';
import { messageKey } from '@chat-relays/protocol';

export class MemoryMessages implements Messages {
  /** in the order of arrival */
  readonly kept = new Map<string, NewMessage>();

  async insert(messages: readonly NewMessage[]): Promise<number> {
    const before = this.kept.size;
    for (const message of messages) {
      const key = messageKey(message.membershipId, message.author, message.messageId);
      if (!this.kept.has(key)) this.kept.set(key, message);
    }
    return this.kept.size - before;
  }
}
