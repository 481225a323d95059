import { FaultPlan } from './fault-plan';
import type { FaultRule } from './fault-rule';

const DROP: FaultRule = { fault: 'drop', commands: 'all' };
const times = (count: number) => Array.from({ length: count }, (_, index) => index);

test('hits the commands that it names, and no others', () => {
  const plan = new FaultPlan([{ fault: 'drop', commands: ['SEND', 'ACK'] }]);
  expect([plan.fateOf('SEND').drop, plan.fateOf('ACK').drop]).toEqual([true, true]);
  expect([plan.fateOf('SUB'), plan.fateOf(undefined)]).toEqual([
    { faults: [], delayMs: 0 },
    { faults: [], delayMs: 0 },
  ]);
});

test('a rule for all hits also what is no command', () => {
  expect(new FaultPlan([DROP]).fateOf(undefined)).toEqual({ faults: ['drop'], delayMs: 0, drop: true });
});

test('a count is used up by hits alone, and then the rule is gone', () => {
  const plan = new FaultPlan([{ fault: 'error', error: 'AUTH', commands: ['KEY'], count: 2 }]);
  plan.fateOf('SEND');
  expect(plan.fateOf('KEY').error).toBe('AUTH');
  expect(plan.rules).toEqual([{ fault: 'error', error: 'AUTH', commands: ['KEY'], count: 1 }]);
  expect(plan.isEmpty).toBe(false);
  expect(plan.fateOf('KEY').error).toBe('AUTH');
  expect(plan.isEmpty).toBe(true);
  expect(plan.fateOf('KEY').error).toBeUndefined();
});

test('a probability hits when chance is below it', () => {
  const chances = [0.09, 0.1, 0.5, 0];
  const plan = new FaultPlan([{ ...DROP, probability: 0.1 }], () => chances.shift()!);
  expect(times(4).map(() => plan.fateOf('SEND').drop ?? false)).toEqual([true, false, false, true]);
  expect(new FaultPlan([{ ...DROP, probability: 0 }], () => 0).fateOf('SEND').drop).toBeUndefined();
});

test('with a seed the hits are the same in every run, and about as many as asked', () => {
  const hits = (seed: number) => {
    const plan = new FaultPlan([{ ...DROP, probability: 0.1, seed }]);
    return times(10_000).filter(() => plan.fateOf('SEND').drop);
  };
  expect(hits(7)).toEqual(hits(7));
  expect(hits(7)).not.toEqual(hits(8));
  expect(hits(7).length).toBeGreaterThan(850);
  expect(hits(7).length).toBeLessThan(1_150);
});

test('delays add up, and go with the first other fault that hits; the rules after that one are spared', () => {
  const plan = new FaultPlan([
    { fault: 'delay', ms: 20, commands: 'all' },
    { fault: 'drop-reply', commands: ['SEND'], count: 1 },
    { fault: 'delay', ms: 30, commands: ['SEND'] },
    { fault: 'drop', commands: ['SEND'], count: 1 },
  ]);
  expect(plan.fateOf('SEND')).toEqual({
    faults: ['delay', 'drop-reply', 'delay'],
    delayMs: 50,
    dropReply: true,
  });
  expect(plan.fateOf('SEND')).toEqual({ faults: ['delay', 'delay', 'drop'], delayMs: 50, drop: true });
  expect(plan.fateOf('SUB')).toEqual({ faults: ['delay'], delayMs: 20 });
});
