import { paceOf } from './pace';
import { readPlan } from './plan';

const plan = (args: string) => readPlan(args.split(' '));

describe('open loop', () => {
  const pace = paceOf(plan('--members 10 --messages 100 --relays 2 --rate 20'));

  it('sends the first message at once and the others when they are due, whatever has arrived', () => {
    expect(pace.allowed({ elapsed: 0, copies: 0 })).toBe(1);
    expect(pace.allowed({ elapsed: 49, copies: 0 })).toBe(1);
    expect(pace.allowed({ elapsed: 50, copies: 0 })).toBe(2);
    expect(pace.allowed({ elapsed: 1000, copies: 0 })).toBe(21);
  });

  it('never allows more than there are', () => {
    expect(pace.allowed({ elapsed: 1e9, copies: 0 })).toBe(100);
  });

  it('knows when each was due, also when it was sent later', () => {
    expect(pace.dueAt(0)).toBe(0);
    expect(pace.dueAt(20)).toBe(1000);
    expect(pace.words).toContain('20 messages per second');
  });
});

describe('without a rate', () => {
  it('keeps at most 4000 deliveries in flight per relay', () => {
    const pace = paceOf(plan('--members 200 --messages 500 --relays 2'));
    expect(pace.allowed({ elapsed: 0, copies: 0 })).toBe(20);
    expect(pace.allowed({ elapsed: 0, copies: 399 })).toBe(20);
    expect(pace.allowed({ elapsed: 0, copies: 400 })).toBe(21);
    expect(pace.allowed({ elapsed: 0, copies: 1e9 })).toBe(500);
    expect(pace.dueAt(3)).toBeUndefined();
    expect(pace.words).toContain('at most 4000 deliveries');
  });

  it('has one message under way where one is more than that', () => {
    const pace = paceOf(plan('--members 9000 --messages 5 --relays 1'));
    expect(pace.allowed({ elapsed: 0, copies: 0 })).toBe(1);
    expect(pace.allowed({ elapsed: 0, copies: 8999 })).toBe(1);
    expect(pace.allowed({ elapsed: 0, copies: 9000 })).toBe(2);
  });
});
