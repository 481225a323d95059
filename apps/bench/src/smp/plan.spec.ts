import { readPlan } from './plan';

const read = (args: string) => readPlan(args === '' ? [] : args.split(' '), ['core', 'jetstream']);

describe('readPlan', () => {
  it('reads every option, attached or not', () => {
    expect(read('--queues 10 --messages=20 --rounds 1 --size 64 --only core,jetstream')).toEqual({
      queues: 10,
      messages: 20,
      rounds: 1,
      size: 64,
      only: ['core', 'jetstream'],
    });
  });

  it('has a plan where nothing is given, with every contender', () => {
    expect(read('')).toEqual({ queues: 1_000, messages: 50, rounds: 3, size: 1_024 });
  });

  it.each([
    ['--queue 3', '"--queue" is not known; it is npm run bench:smp -- '],
    ['--queues', '--queues takes a whole number from 1 to 10000, and was given nothing.'],
    ['--queues x', 'and was given "x".'],
    ['--messages 1.5', '--messages takes a whole number'],
    ['--messages 1e3', '--messages takes a whole number'],
    ['--rounds 0', 'from 1 to 100,'],
    ['--size 15001', 'from 16 to 15000'],
    ['--only', '--only takes names of core, jetstream with commas, and was given nothing.'],
    ['--only=', 'and was given "".'],
    ['--only core,rabbit', 'and was given "core,rabbit".'],
    ['--queues 10000 --messages 100000', '--queues times --messages is more than 10000000'],
  ])('%s is answered with a sentence', (args, sentence) => {
    expect(() => read(args)).toThrow(sentence);
  });
});
