import { command, save } from '../contracts/contract';
import { MemoryStore } from './memory-store';

describe('when the next command of a store in memory is due', () => {
  it('is told after every change of its queue', async () => {
    const store = new MemoryStore();
    expect(store.nextDue()).toBeUndefined();
    const queued = command('a', 1);
    await save(store, { commands: [queued] });
    expect(store.nextDue()).toBe(0);
    await store.lease({ lanes: 1, perLane: 1, now: 10, until: 50 });
    expect(store.nextDue()).toBe(50);
    await store.renew([queued.id], 90);
    expect(store.nextDue()).toBe(90);
    await store.postpone([queued.id], 70, true);
    expect(store.nextDue()).toBe(70);
    await save(store, { consumed: [queued.id] });
    expect(store.nextDue()).toBeUndefined();
  });
});
