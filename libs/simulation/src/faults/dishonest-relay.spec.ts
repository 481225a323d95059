import type { NewMessage } from '@chat-relays/agent';
import { messageKey } from '@chat-relays/protocol';
import { altered, dishonest } from './dishonest-relay';
import { noFaults } from './faults';
import type { MemoryMessages } from '../memory/memory-messages';
import { Random } from '../random';
import { run } from '../runs/run';
import { overlaid, type Sabotage } from './sabotage';

const keyOf = ({ membershipId, author, messageId }: NewMessage): string =>
  messageKey(membershipId, author, messageId);
const saidBy = (copy: NewMessage): string =>
  `${keyOf(copy)} ${copy.via} ${Buffer.from(copy.body).toString()}`;

/** What members were brought, in order, and what they hold against relays; relay 2 alters a third of its messages. */
class Watch {
  readonly brought: NewMessage[] = [];
  private messages: MemoryMessages | undefined;
  readonly sabotage: Sabotage;

  constructor(seed: number) {
    const random = new Random(seed);
    const lies = dishonest('relay-2', (jobs) =>
      jobs.map((job) => (random.chance(0.3) ? altered(job, `not ${job.messageId}`) : job)),
    );
    this.sabotage = (ports, process) => {
      const { messages } = ports;
      if (process === 'member') this.messages = messages as MemoryMessages;
      const insert: typeof messages.insert = async (copies, received) => {
        const inserted = await messages.insert(copies, received);
        this.brought.push(...copies);
        return inserted;
      };
      return lies({ ...ports, messages: overlaid(messages, { insert }) }, process);
    };
  }

  get evidence(): string[] {
    return this.messages!.divergent.map(saidBy).sort();
  }

  /** What has to be told: every copy that is not what the first one was. */
  get differences(): string[] {
    const firsts = new Map<string, NewMessage>();
    for (const copy of this.brought) if (!firsts.has(keyOf(copy))) firsts.set(keyOf(copy), copy);
    const differing = this.brought.filter(
      (copy) => Buffer.compare(firsts.get(keyOf(copy))!.body, copy.body) !== 0,
    );
    return [...new Set(differing.map(saidBy))].sort();
  }
}

describe('a relay that alters a third of what it forwards', () => {
  it.each([2, 3])('is told by every difference that is delivered, with %i relays', async (relays) => {
    let differences = 0;
    for (let seed = 1; seed <= 12; seed++) {
      const watch = new Watch(seed);
      const faults = { ...noFaults, loss: 0.1, duplicates: 0.2, kills: 0.02 };
      const scenario = { seed, protocol: 'full', relays, members: 2, messages: 6, faults, quota: 4 } as const;
      const { problems } = await run(scenario, watch.sabotage);
      expect({ seed, problems }).toEqual({ seed, problems: [] });
      expect({ seed, evidence: watch.evidence }).toEqual({ seed, evidence: watch.differences });
      differences += watch.differences.length;
    }
    expect(differences).toBeGreaterThan(30);
  });
});
