import { noFaults } from './faults';
import { replayOf } from './replay';

const scenario = { seed: 7, protocol: 'full', relays: 2, members: 1, messages: 3 } as const;

describe('the line that shows a run again', () => {
  it('says seed, protocol and size', () => {
    expect(replayOf({ ...scenario, faults: noFaults })).toBe(
      'SEED=7 CRASH=none PROTOCOL=full\n' +
        'npm run sim -- --runs 1 --seed 7 --protocol full --relays 2 --members 1 --messages 3',
    );
  });

  it('says the crash, and what was left out', () => {
    const crash = { point: 'owner.8.LSET.after-execute', hit: 2 };
    expect(replayOf({ ...scenario, faults: { ...noFaults, crash } }, ['loss', 'kills'])).toBe(
      'SEED=7 CRASH=owner.8.LSET.after-execute:2 PROTOCOL=full WITHOUT=loss,kills\n' +
        'npm run sim -- --runs 1 --seed 7 --protocol full --relays 2 --members 1 --messages 3 ' +
        '--crash owner.8.LSET.after-execute:2 --without loss,kills',
    );
  });
});
