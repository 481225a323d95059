import { MemoryDeliveries } from '../memory/memory-deliveries';
import { MemoryMessages } from '../memory/memory-messages';
import { MemoryStore } from '../memory/memory-store';
import type { Stores } from './contract';
import { deliveriesContract } from './deliveries.contract';
import { divergencesContract } from './divergences.contract';
import { gapsContract } from './gaps.contract';
import { leavingContract } from './leaving.contract';
import { messagesContract } from './messages.contract';
import { newcomersContract } from './newcomers.contract';
import { storeContract } from './store.contract';
import { stuckContract } from './stuck.contract';

function memory(): Stores {
  const deliveries: MemoryDeliveries = new MemoryDeliveries(() => store);
  const store = new MemoryStore(
    (jobs, withdrawn) => deliveries.add(jobs, withdrawn),
    (members) => deliveries.welcome(members),
  );
  const messages = new MemoryMessages((received) => store.keepReceived(received));
  const kept = async () => [...messages.kept.values()];
  return {
    store,
    deliveries,
    messages,
    kept,
    divergent: async () => messages.divergent.map((copy) => ({ ...copy, body: Buffer.from(copy.body) })),
    gaps: async () =>
      [...store.gaps.values()].map(({ via, from, to, after, before }) => ({ via, from, to, after, before })),
    corroborated: async () =>
      (await kept()).filter((one) => messages.isCorroborated(one)).map(({ messageId }) => messageId),
  };
}

describe.each([
  ['store', storeContract],
  ['stuck records', stuckContract],
  ['deliveries', deliveriesContract],
  ['newcomers', newcomersContract],
  ['members that are left', leavingContract],
  ['messages', messagesContract],
  ['divergences', divergencesContract],
  ['gaps', gapsContract],
])('in memory, the contract of the %s', (_, contract) => {
  it.each(contract)('$title', async ({ check }) => {
    await expect(check(memory())).resolves.toBeUndefined();
  });
});
