import { availableParallelism } from 'node:os';
import { protocols } from '@chat-relays/protocol';
import { argumentsOf } from './arguments';

const all = Object.keys(protocols);

describe('the arguments of npm run sim', () => {
  it('have defaults', () => {
    expect(argumentsOf([], 7)).toEqual({
      runs: 2000,
      seed: 7,
      protocols: all,
      workers: availableParallelism(),
      size: {},
      without: [],
    });
  });

  it('are all taken', () => {
    const line =
      '--runs 3 --seed 9 --protocol full --groups 2 --relays 2 --members 1 --messages 0 --crash owner.8.LSET.after-execute:2,relay.9.SENT.after-commit:1 --workers 4 --without loss,stale';
    expect(argumentsOf(line.split(' '), 7)).toEqual({
      runs: 3,
      seed: 9,
      protocols: ['full'],
      workers: 4,
      without: ['loss', 'stale'],
      size: { groups: 2, relays: 2, members: 1, messages: 0 },
      crashes: [
        { point: 'owner.8.LSET.after-execute', hit: 2 },
        { point: 'relay.9.SENT.after-commit', hit: 1 },
      ],
    });
  });

  it.each([
    ['--runs many', '--runs many: a whole number from 1 to 100000000 is needed.'],
    ['--runs 0', '--runs 0: a whole number from 1 to 100000000 is needed.'],
    ['--seed 1.5', '--seed 1.5: a whole number from 0 to 2147483647 is needed.'],
    ['--groups 3', '--groups 3: a whole number from 1 to 2 is needed.'],
    ['--relays 0', '--relays 0: a whole number from 1 to 20 is needed.'],
    ['--workers 0', '--workers 0: a whole number from 1 to 256 is needed.'],
    [
      '--without loss,sleep',
      '--without sleep: there is no such fault, there are loss, duplicates, kills, crashes, refuse, stale, meddling, anything, with commas between.',
    ],
    ['--protocol fool', `--protocol fool: there is no such protocol, there is ${all.join(', ')}.`],
    ['--protocol toString', `--protocol toString: there is no such protocol, there is ${all.join(', ')}.`],
    [
      '--crash somewhere',
      '--crash somewhere: a failpoint, a colon and a count from 1 are needed, as in owner.8.LSET.after-execute:1, with commas between several.',
    ],
    ['--speed 3', /^Unknown option '--speed'; there are --runs, --seed, /],
    ['news', /^Unexpected argument 'news'/],
    ['--seed', /^Option '--seed <value>' argument missing; there are/],
  ])('are refused in one sentence: %s', (line, sentence) => {
    expect(() => argumentsOf(line.split(' '), 7)).toThrow(sentence);
  });
});
