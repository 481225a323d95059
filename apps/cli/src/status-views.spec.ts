import type { StatusEvent } from '@chat-relays/bus';
import { viewChannel, viewStatusEvent } from './status-views';

const link = 'https://smp-owner/c#abc';

const event = (noun: string, id: string, identity: string, more: Partial<StatusEvent> = {}): StatusEvent => ({
  ...{ time: 421_000, protocol: 'full', noun, id, identity, event: 'JOINED', from: 'New', to: 'Invited' },
  ...more,
});

describe('changes of statuses', () => {
  it.each<[string, StatusEvent]>([
    ["alice's channel: New -> Ready", event('group', 'g1', 'alice', { to: 'Ready' })],
    [
      'relay-1: Invited -> Accepted',
      event('group_relay', 'g1/relay-1', 'alice', { from: 'Invited', to: 'Accepted' }),
    ],
    ['relay-1: New', event('group_relay', 'g1/relay-1', 'alice', { from: '-', to: 'New' })],
    [
      'relay-1: New -> Broken, JOIN: AUTH',
      event('group_relay', 'g1/relay-1', 'alice', { to: 'Broken', reason: 'JOIN: AUTH' }),
    ],
    ['relay-1 itself: New -> Invited', event('relay_own', `relay-1/${link}`, 'relay-1')],
    ["relay-1's address: New -> Ready", event('relay_address', 'relay-1', 'relay-1', { to: 'Ready' })],
    ["relay-1's member m7: New -> Invited", event('group_member', `relay-1/${link}/m7`, 'relay-1')],
    ['bob: Reading -> Joined', event('membership', `bob/${link}`, 'bob', { from: 'Reading', to: 'Joined' })],
    [
      'bob at relay …r#123456: New -> Invited',
      event('member_connection', `bob/${link} https://smp-relays/r#123456`, 'bob'),
    ],
    ['novelty n1: New -> Invited', event('novelty', 'n1', 'alice')],
  ])('%s', (line, told) => {
    expect(viewStatusEvent(told)).toBe(line);
    expect(viewStatusEvent(told, viewChannel('g1', 'news'))).toBe(`#news ${line}`);
  });

  it('a stuck record says for whom and for how long it waits', () => {
    const stuck = { event: 'stuck', from: 'Invited', to: 'Invited', since: 1_000 };
    expect(viewStatusEvent(event('group_relay', 'g1/relay-1', 'alice', stuck))).toBe(
      'relay-1: Invited, waiting for relay-1 for 7 min: /retry it or /rm it',
    );
    expect(
      viewStatusEvent(event('relay_own', `relay-1/${link}`, 'relay-1', { ...stuck, to: 'Accepted' })),
    ).toBe('relay-1 itself: Accepted, waiting for the owner for 7 min');
    expect(viewStatusEvent(event('novelty', 'n1', 'alice', stuck))).toBe(
      'novelty n1: Invited, waiting for 7 min',
    );
  });

  it('of a channel that is not known by name are of the end of its link', () => {
    expect(viewChannel('https://smp-owner/c#0123456789', undefined)).toBe('…23456789');
  });

  it('nobody steers the terminal by a name', () => {
    expect(viewStatusEvent(event('membership', 'x', 'red \u001b[31m'))).toBe(
      'red \\u001b[31m: New -> Invited',
    );
  });
});
