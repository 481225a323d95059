import { MemoryDeliveries } from '../memory/memory-deliveries';
import { MemoryMessages } from '../memory/memory-messages';
import { MemoryStore } from '../memory/memory-store';
import type { Stores } from './contract';
import { deliveriesContract } from './deliveries.contract';
import { messagesContract } from './messages.contract';
import { storeContract } from './store.contract';

function memory(): Stores {
  const deliveries: MemoryDeliveries = new MemoryDeliveries(() => store);
  const store = new MemoryStore(
    (jobs) => deliveries.add(jobs),
    (members) => deliveries.welcome(members),
  );
  const messages = new MemoryMessages((received) => store.keepReceived(received));
  return { store, deliveries, messages, kept: async () => [...messages.kept.values()] };
}

describe.each([
  ['store', storeContract],
  ['deliveries', deliveriesContract],
  ['messages', messagesContract],
])('in memory, the contract of the %s', (_, contract) => {
  it.each(contract)('$title', async ({ check }) => {
    await expect(check(memory())).resolves.toBeUndefined();
  });
});
