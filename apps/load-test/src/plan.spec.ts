import { readPlan } from './plan';

describe('readPlan', () => {
  it('reads every option, attached or not', () => {
    const args = '--members 10 --messages=20 --relays 3 --rate 0.5 --size 64 --json out.json --running'.split(
      ' ',
    );
    expect(readPlan(args)).toEqual({
      members: 10,
      messages: 20,
      relays: 3,
      rate: 0.5,
      size: 64,
      json: 'out.json',
      running: true,
      padded: false,
    });
  });

  it('has a plan where nothing is given, without a rate', () => {
    expect(readPlan([])).toEqual({
      members: 200,
      messages: 200,
      relays: 2,
      size: 1024,
      running: false,
      padded: false,
    });
  });

  it.each([
    ['--member 3', '"--member" is not known'],
    ['--members', '--members takes a whole number from 1 to 100000, and was given nothing.'],
    ['--members x', 'and was given "x".'],
    ['--members 1.5', '--members takes a whole number'],
    ['--members 0', 'from 1 to 100000'],
    ['--members -5', 'from 1 to 100000'],
    ['--relays 21', 'from 1 to 20'],
    ['--rate 0', '--rate takes a number from 0.01'],
    ['--rate 1e3', '--rate takes a number'],
    ['--size 15001', 'from 16 to 15000'],
    ['--json', '--json takes the name of a file'],
    ['--running=yes', '"--running=yes" is not known'],
    ['--running --padded', '--padded is for a fleet of its own'],
    ['--members 100000 --messages 100000', '--members times --messages'],
  ])('%s is answered with a sentence', (args, sentence) => {
    expect(() => readPlan(args.split(' '))).toThrow(sentence);
  });
});
