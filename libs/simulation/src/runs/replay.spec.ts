import { noFaults } from '../faults/faults';
import { replayOf } from './replay';

const scenario = { seed: 7, protocol: 'full', relays: 2, members: 1, messages: 3 } as const;

describe('the line that shows a run again', () => {
  it('says seed, protocol and size', () => {
    expect(replayOf({ ...scenario, faults: noFaults })).toBe(
      'SEED=7 CRASH=none PROTOCOL=full\n' +
        'npm run sim -- --runs 1 --seed 7 --protocol full --groups 1 --relays 2 --members 1 --messages 3',
    );
  });

  it('says the crashes, the groups, and what was left out', () => {
    const crashes = [
      { point: 'owner.8.LSET.after-execute', hit: 2 },
      { point: 'relay.9.SENT.after-commit', hit: 1 },
    ];
    const { relays, members, messages } = scenario;
    const other = { protocol: 'paired', relays, members, messages } as const;
    expect(replayOf({ ...scenario, other, faults: { ...noFaults, crashes } }, ['loss', 'kills'])).toBe(
      'SEED=7 CRASH=owner.8.LSET.after-execute:2,relay.9.SENT.after-commit:1 PROTOCOL=full WITHOUT=loss,kills\n' +
        'npm run sim -- --runs 1 --seed 7 --protocol full --groups 2 --relays 2 --members 1 --messages 3 ' +
        '--crash owner.8.LSET.after-execute:2,relay.9.SENT.after-commit:1 --without loss,kills',
    );
  });
});
