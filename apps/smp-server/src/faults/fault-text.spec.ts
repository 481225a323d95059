import { COMMAND_KINDS } from '@chat-relays/smp';
import fc from 'fast-check';
import type { FaultRule, FaultSettings } from './fault-rule';
import { formatFaults, parseFaults } from './fault-text';

const faultsOf = (text: string) => {
  const read = parseFaults(text);
  return 'faults' in read ? read.faults : read.problem;
};

test('one of each', () => {
  const text =
    'drop-reply SEND p=0.1; delay SUB,ACK 2s seed=7 p=0.5; error KEY CMD PROHIBITED n=3; drop all; slow-storage 20ms; refuse-new; pause 500ms;';
  expect(faultsOf(text)).toEqual({
    rules: [
      { fault: 'drop-reply', commands: ['SEND'], probability: 0.1 },
      { fault: 'delay', commands: ['SUB', 'ACK'], ms: 2_000, probability: 0.5, seed: 7 },
      { fault: 'error', commands: ['KEY'], error: 'CMD PROHIBITED', count: 3 },
      { fault: 'drop', commands: 'all' },
    ],
    slowStorageMs: 20,
    refuseNew: true,
    pause: { ms: 500 },
  });
});

test.each(['', '  '])('nothing is no fault: %j', (text) => {
  expect(faultsOf(text)).toEqual({ rules: [] });
});

test('an error with words of its own', () => {
  expect(faultsOf('error SEND BLOCKED reason=spam; error all STORE disk full n=1; pause')).toEqual({
    rules: [
      { fault: 'error', commands: ['SEND'], error: 'BLOCKED reason=spam' },
      { fault: 'error', commands: 'all', error: 'STORE disk full', count: 1 },
    ],
    pause: {},
  });
});

test.each([
  ['break SEND', 'item 1, "break SEND": there is no fault break; there are delay, drop, drop-reply, error,'],
  ['drop all; ; pause', 'item 2, "": a fault is expected; there are delay,'],
  ['drop', 'item 1, "drop": commands are expected; name them as SEND,ACK, or all of them as all'],
  ['drop SENT', 'item 1, "drop SENT": there is no command SENT; name them as'],
  ['drop SEND,', 'item 1, "drop SEND,": commands are expected;'],
  ['drop SEND now', 'item 1, "drop SEND now": "now" is too much'],
  ['drop SEND p=2', 'p= takes a probability from 0 to 1, not "2"'],
  ['drop SEND p=', 'p= takes a probability from 0 to 1, not ""'],
  ['drop SEND n=0', 'n= takes a whole number from 1 to 1000000000, not "0"'],
  ['drop SEND n=1.5', 'n= takes a whole number'],
  ['drop SEND p=0.1 p=0.2', 'p= is there twice'],
  ['drop SEND p=0.1 now', '"p=0.1 now" is too much'],
  ['delay SEND', 'item 1, "delay SEND": a time is expected, such as 50ms or 2s, at most 3600s, not ""'],
  ['delay SEND 50', 'not "50"'],
  ['delay SEND 3601s', 'not "3601s"'],
  ['delay SEND 50ms 60ms', '"60ms" is too much'],
  ['error SEND', 'an SMP error is expected, such as AUTH or CMD PROHIBITED, not ""'],
  ['error SEND NO', 'not "NO"'],
  ['slow-storage', 'item 1, "slow-storage": a time is expected'],
  ['slow-storage 1ms; slow-storage 1ms', 'item 2, "slow-storage 1ms": slow-storage is there twice'],
  ['pause; pause', 'pause is there twice'],
  ['refuse-new all', '"all" is too much'],
  [`drop SEND ${'x'.repeat(1000)}`, `item 1, "drop SEND ${'x'.repeat(50)}…": `],
])('%j is refused, and said where: %s', (text, sentence) => {
  expect(faultsOf(text)).toContain(sentence);
});

const commands = fc.oneof(
  fc.constant('all' as const),
  fc.uniqueArray(fc.constantFrom(...COMMAND_KINDS), { minLength: 1 }),
);
const chance = {
  commands,
  probability: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined }),
  count: fc.option(fc.integer({ min: 1, max: 1_000_000_000 }), { nil: undefined }),
  seed: fc.option(fc.nat(), { nil: undefined }),
};
const ms = fc.nat({ max: 3_600_000 });
const errors = ['AUTH', 'CMD PROHIBITED', 'BLOCKED reason=content', 'STORE a b'];
const rule: fc.Arbitrary<FaultRule> = fc.oneof(
  fc.record({ fault: fc.constant('delay' as const), ms, ...chance }),
  fc.record({ fault: fc.constantFrom('drop' as const, 'drop-reply' as const), ...chance }),
  fc.record({ fault: fc.constant('error' as const), error: fc.constantFrom(...errors), ...chance }),
);
const settings: fc.Arbitrary<FaultSettings> = fc.record(
  {
    rules: fc.array(rule),
    slowStorageMs: ms,
    refuseNew: fc.constant(true),
    pause: fc.record({ ms }, { requiredKeys: [] }),
  },
  { requiredKeys: ['rules'] },
);

test('faults written as text are read as the same', () => {
  fc.assert(fc.property(settings, (faults) => expect(faultsOf(formatFaults(faults))).toEqual(faults)));
});

test('no text makes it throw', () => {
  const words = ['drop', 'delay', 'error', 'all', 'SEND', 'p=0.1', 'n=', ';', ' ', '50ms', 'AUTH', 'pause'];
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(fc.constantFrom(...words)).map((all) => all.join(' ')),
      ),
      (text) => {
        parseFaults(text);
      },
    ),
  );
});
