import { readPlan } from './plan';

const read = (args: string) => readPlan(args === '' ? [] : args.split(' '));

describe('readPlan', () => {
  it('compares everything where nothing is given', () => {
    expect(read('')).toEqual({ runs: 3, protocols: ['full', 'pooled', 'paired'], delays: [0, 50, 200] });
  });

  it('reads every option, attached or not, into the order of the tables', () => {
    expect(read('--runs 5 --protocols=paired,full --delays 100,0,100')).toEqual({
      runs: 5,
      protocols: ['full', 'paired'],
      delays: [0, 100],
    });
  });

  it.each([
    ['--run 3', '"--run" is not known; it is npm run compare -- '],
    ['--runs', '--runs takes a whole number from 1 to 1000, and was given nothing.'],
    ['--runs 0', 'and was given "0".'],
    ['--protocols', '--protocols takes names of full, pooled, paired with commas, and was given nothing.'],
    ['--protocols full,fast', 'and was given "full,fast".'],
    ['--delays', '--delays takes a whole number from 0 to 2000, and was given nothing.'],
    ['--delays=', 'and was given "".'],
    ['--delays 0,x', 'and was given "x".'],
    ['--delays 2001', 'and was given "2001".'],
  ])('%s is answered with a sentence', (args, sentence) => {
    expect(() => read(args)).toThrow(sentence);
  });
});
