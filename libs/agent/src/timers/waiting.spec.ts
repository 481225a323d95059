import type { Noun } from '@chat-relays/protocol';
import { isStuck, waitingRecords } from './waiting';

describe('what waits', () => {
  it("is what the rows say: the RFC's lists, and those of joining", () => {
    const full = waitingRecords.filter(({ protocol }) => protocol === 'full');
    expect(full.map(({ noun, status }) => `${noun} ${status}`).sort()).toEqual([
      'group_member Accepted',
      'group_relay Invited',
      'group_relay Notified',
      'member_connection Invited',
      'relay_own Accepted',
    ]);
  });

  it.each<[Noun, string, number, boolean]>([
    ['group_relay', 'Invited', 10, true],
    ['group_relay', 'Invited', 9, false],
    ['group_relay', 'Accepted', 10, false],
    ['relay_own', 'Accepted', 10, true],
    ['group_relay', 'Confirmed', 10, false],
  ])('%s in %s for %i ms is stuck after 10: %s', (noun, status, waited, expected) => {
    const record = { protocol: 'full', status, since: 0 };
    expect(isStuck(noun, record, { now: waited, afterMs: 10 })).toBe(expected);
  });
});
