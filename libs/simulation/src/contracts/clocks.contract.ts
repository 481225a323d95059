import assert from 'node:assert/strict';
import { type Clause, command, save, type Stores } from './contract';

const now = 1_000_000;
const ahead = now + 3_600_000;

/** A process may have had a clock that was ahead, and been killed; what it held is not held until then. */
export const clocksContract: readonly Clause<Stores>[] = [
  {
    title: 'what a clock that was ahead leased or postponed is due',
    async check({ store }) {
      await save(store, { commands: [command('a', 1), command('a', 2), command('b', 1), command('c', 1)] });
      await store.lease({ lanes: 9, perLane: 9, now: ahead, until: ahead + 4_000 });
      await store.postpone(['b/1'], ahead + 100, true);
      await store.postpone(['c/1'], now + 100, true);
      const due = async (latest: number) =>
        (await store.lease({ lanes: 9, perLane: 9, now, until: now + 4_000, latest })).map(({ id }) => id);
      assert.deepEqual(await due(ahead + 4_000), []);
      assert.deepEqual(await due(ahead), ['a/1', 'a/2', 'b/1']);
    },
  },
];
