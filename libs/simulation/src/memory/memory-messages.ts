import {
  type Divergence,
  type Inserted,
  type Messages,
  MOST_DIVERGENT_COPIES,
  type NewMessage,
  type Received,
} from '@chat-relays/agent';
import { messageKey, relayLinkOf } from '@chat-relays/protocol';

export class MemoryMessages implements Messages {
  /** in the order of arrival */
  readonly kept = new Map<string, NewMessage>();
  /** what connections said otherwise, in the order of arrival */
  readonly divergent: NewMessage[] = [];
  private readonly corroborated = new Set<string>();
  /** counts calls that may have changed something */
  version = 0;

  constructor(private readonly keepReceived: (received: readonly Received[]) => void = () => undefined) {}

  async insert(messages: readonly NewMessage[], received: readonly Received[]): Promise<Inserted> {
    this.version++;
    this.keepReceived(received);
    const before = this.kept.size;
    const divergences = new Map<string, Divergence>();
    for (const copy of messages) {
      const key = messageKey(copy.membershipId, copy.author, copy.messageId);
      const first = this.kept.get(key);
      if (!first) this.kept.set(key, copy);
      else if (isSame(first, copy)) this.corroborate(first, copy);
      else {
        const { kept, dropped } = divergences.get(copy.via) ?? { kept: 0, dropped: 0 };
        const isNew = this.keepDivergent(copy);
        divergences.set(copy.via, {
          via: copy.via,
          kept: kept + Number(isNew),
          dropped: dropped + Number(!isNew),
        });
      }
    }
    return {
      kept: this.kept.size - before,
      divergences: [...divergences.values()].sort((a, b) => (a.via < b.via ? -1 : 1)),
    };
  }

  /** Whether a second relay brought the same bytes, to whichever member. */
  isCorroborated(message: NewMessage): boolean {
    return this.corroborated.has(bytesKey(message));
  }

  private corroborate(first: NewMessage, copy: NewMessage): void {
    if (relayLinkOf(first.via) !== relayLinkOf(copy.via)) this.corroborated.add(bytesKey(copy));
  }

  private keepDivergent(copy: NewMessage): boolean {
    const { membershipId, author, messageId, via } = copy;
    const key = messageKey(membershipId, author, messageId);
    const told = this.divergent.filter(
      (one) => one.via === via && messageKey(one.membershipId, one.author, one.messageId) === key,
    );
    if (told.length >= MOST_DIVERGENT_COPIES || told.some((one) => isSame(one, copy))) return false;
    this.divergent.push(copy);
    return true;
  }
}

function isSame(one: NewMessage, other: NewMessage): boolean {
  return Buffer.compare(one.body, other.body) === 0;
}

function bytesKey({ groupLink, author, messageId, body }: NewMessage): string {
  return `${messageKey(groupLink, author, messageId)} ${Buffer.from(body).toString('hex')}`;
}
