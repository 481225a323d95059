import { viewFaults, viewHoldings, viewQueue } from './smp-views';

test('what a server holds and gets wrong', () => {
  expect(viewHoldings('smp-1', { queues: 2, messages: 30, subscriptions: 1, sessions: 4 })).toEqual([
    'smp-1: 2 queues, 30 messages, 1 subscriptions, 4 sessions',
  ]);
  expect(viewFaults('smp-1', { text: '', paused: false })).toEqual(['smp-1 faults: none']);
  expect(viewFaults('smp-1', { text: 'drop all; pause', paused: true })).toEqual([
    'smp-1 (paused) faults: drop all; pause',
  ]);
});

test('a queue, with its link when it has one', () => {
  const queue = {
    ...{ senderId: 'abc', status: 'blocked reason=spam', secured: false, messages: 3, subscribed: true },
    usedOn: Date.UTC(2026, 7, 1),
  };
  expect(viewQueue(queue)).toEqual([
    'queue abc: blocked reason=spam, not secured, 3 messages, subscribed, last used on 2026-08-01',
  ]);
  expect(viewQueue({ ...queue, mode: 'C', linkId: 'def', secured: true, subscribed: false })).toEqual([
    'contact queue abc: blocked reason=spam, secured, 3 messages, not subscribed, last used on 2026-08-01',
    '  link id: def',
  ]);
});
