import { EMPTY, type ServerSession } from '@chat-relays/smp';
import { DelayLine } from './delay-line';
import type { FatedCommand } from './fated-command';

const command = (session: string, text: string): FatedCommand => ({
  session: { name: session } as ServerSession,
  transmission: {
    ...{ authorization: EMPTY, corrId: EMPTY, entityId: EMPTY, authorized: EMPTY },
    body: Buffer.from(text),
  },
});

let ready: string[];
let line: DelayLine;

beforeEach(() => {
  jest.useFakeTimers();
  ready = [];
  line = new DelayLine((commands) => {
    for (const { session, transmission } of commands)
      ready.push(`${session.name} ${Buffer.from(transmission.body).toString()}`);
  });
});
afterEach(() => jest.useRealTimers());

test('the rest of a session waits for what is delayed in it; each its own time at least', () => {
  line.hold(command('a', 'slow'), 50);
  line.hold(command('a', 'next'), 0);
  jest.advanceTimersByTime(20);
  line.hold(command('a', 'slow too'), 50);
  line.hold(command('b', 'quick'), 10);
  expect([line.holds('a'), line.holds('c')]).toEqual([true, false]);
  jest.advanceTimersByTime(10);
  expect(ready).toEqual(['b quick']);
  jest.advanceTimersByTime(20);
  expect(ready).toEqual(['b quick', 'a slow', 'a next']);
  expect([line.holds('a'), line.holds('b')]).toEqual([true, false]);
  jest.advanceTimersByTime(20);
  expect(ready.slice(3)).toEqual(['a slow too']);
  expect(line.isEmpty).toBe(true);
});

test('an ended session is forgotten', () => {
  line.hold(command('a', 'slow'), 50);
  line.forget('a');
  line.forget('unknown');
  expect(line.isEmpty).toBe(true);
  jest.advanceTimersByTime(100);
  expect(ready).toEqual([]);
});

test('all of it can be let go at once', () => {
  line.hold(command('a', 'one'), 50);
  line.hold(command('b', 'two'), 10);
  line.hold(command('a', 'three'), 0);
  line.release();
  expect(ready).toEqual(['a one', 'a three', 'b two']);
  jest.advanceTimersByTime(100);
  expect(ready).toHaveLength(3);
});
