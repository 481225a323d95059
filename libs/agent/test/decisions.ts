/** For specs: a memory store, and decisions that are committed to it one by one. */
import { MemoryStore, save, toyCrypto } from '@chat-relays/simulation';
import type { NewDeliveryJob } from '../src/forwarding/delivery';
import { DecisionUnit } from '../src/handling/decision-unit';
import type { EventInput, Input } from '../src/handling/input';
import type { Changes } from '../src/ports';
import { hostOf } from './peers';

export async function decisions(changes: Partial<Changes> = {}) {
  const jobs: NewDeliveryJob[] = [];
  const memory = new MemoryStore((made) => jobs.push(...made));
  await save(memory, changes);
  const { host, observed } = hostOf(toyCrypto, { now: () => 99_000 });
  /** one commit; answers what became of its inputs, in order */
  const decide = async (...inputs: Input[]): Promise<(string | undefined)[]> => {
    const unit = await memory.commit(async (stored) => {
      const decided = new DecisionUnit(stored, host);
      await decided.run(inputs);
      await decided.save();
      return decided;
    });
    const from = observed.length;
    unit.tell(host);
    return observed.slice(from).map((one) => (one.what === 'decided' ? one.outcome : one.what));
  };
  const commands = () => [...memory.commands.values()].map(({ command }) => command);
  const asked = () => commands().map(({ id }) => id);
  return { memory, decide, commands, asked, jobs, observed, host };
}

/** What is told to a record of an owner's group relay, unless it is said to be another one. */
export function told(name: string, facts: object = {}, more: Partial<EventInput> = {}): EventInput {
  const ref = { noun: 'group_relay', id: 'news/A' } as const;
  return { ref, identity: 'alice', protocol: 'full', event: { name, facts }, ...more };
}
