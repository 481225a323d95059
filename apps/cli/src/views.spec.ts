import {
  viewCounts,
  viewCreated,
  viewDuration,
  viewGroupRelays,
  viewGroups,
  viewMembers,
  viewRelays,
  viewSent,
  viewServed,
  viewStatus,
} from './views';

const list = [
  { position: 1, name: 'relay-1', address: 'simplex:/r#1' },
  { position: 2, name: 'relay-2', address: 'simplex:/r#2' },
];

describe('views', () => {
  it("shows the owner's relays under SimpleX's headings", () => {
    expect(viewRelays(list)).toEqual([
      'Your servers',
      '  Chat relays',
      '    1. relay-1: simplex:/r#1',
      '    2. relay-2: simplex:/r#2',
    ]);
    expect(viewRelays([])[0]).toContain('no relays');
  });

  it('says what SimpleX says when a channel is created', () => {
    expect(viewCreated('news')).toEqual([
      'group #news is created',
      'wait for selected relay(s) to join, then you can invite members via group link',
    ]);
  });

  it('tells relays by their place in the list, and those that left the list by name', () => {
    const relays = [
      { relay: 'relay-2', status: 'Confirmed', since: 0, stuck: false },
      { relay: 'old', status: 'Broken', reason: 'JOIN: AUTH', since: 0, stuck: false },
    ];
    expect(viewGroupRelays('news', relays, list, 1, 'simplex:/c#x')).toEqual([
      '#news: group link relays updated, current relays:',
      '  - relay id 2: confirmed',
      '  - relay old: broken, JOIN: AUTH',
      'group link:',
      'simplex:/c#x',
    ]);
    expect(viewGroupRelays('news', relays, list, 1)).toHaveLength(3);
  });

  it('says for how long a stuck relay has been waited for', () => {
    const relay = { relay: 'relay-1', status: 'Invited', since: 1_000, stuck: true };
    const [, line] = viewGroupRelays('news', [relay], list, 421_000);
    expect(line).toBe('  - relay id 1: invited, waiting for relay-1 for 7 min: /retry it or /rm it');
  });

  it.each([
    [-5, '0 s'],
    [59_999, '59 s'],
    [60_000, '1 min'],
    [7_199_999, '119 min'],
    [7_200_000, '2 h'],
  ])('%i ms are %s', (ms, words) => expect(viewDuration(ms)).toBe(words));

  it('shows groups with their links', () => {
    expect(viewGroups([{ name: 'news', status: 'Ready', groupLink: 'simplex:/c#x' }])).toEqual([
      '#news (ready) simplex:/c#x',
    ]);
    expect(viewGroups([{ name: 'news', status: 'New' }])).toEqual(['#news (new)']);
    expect(viewGroups([{ name: 'news', status: 'Broken', reason: 'NEW: AUTH' }])).toEqual([
      '#news (broken, NEW: AUTH: /retry #news begins it again)',
    ]);
    expect(viewGroups([])[0]).toBe('you have no groups!');
  });

  it('shows messages as they were written, further lines set in', () => {
    expect(viewSent('news', 'hello', ['relay-1', 'relay-2'])).toEqual([
      '#news hello',
      'sent to relay-1, relay-2',
    ]);
  });

  it('counts members', () => {
    const status = {
      members: 3,
      membersByStatus: { Joined: 2, NoRelays: 1 },
      connectionsByStatus: { Connected: 4, Invited: 2 },
      received: 40,
      duplicates: 38,
    };
    expect(viewMembers('news', status)).toEqual([
      '#news: 3 members (2 joined, 1 without active relays: wait for the owner to add one)',
      '  connections to relays: 4 connected, 2 invited',
      '  received: 40, duplicates dropped: 38',
    ]);
  });

  it('shows what a relay serves', () => {
    const group = { groupLink: 'simplex:/c#x', status: 'LinkCreated', members: 0, pendingDeliveries: 0 };
    expect(
      viewServed('relay-1', [group, { ...group, name: 'news', members: 1, pendingDeliveries: 2 }]),
    ).toEqual([
      'simplex:/c#x: link created, 0 members',
      '#news: link created, 1 member, 2 deliveries pending',
    ]);
    expect(viewServed('relay-1', [])).toEqual(['relay-1: no groups']);
  });

  it('reads statuses as words', () => {
    expect(viewStatus('LinkCreated')).toBe('link created');
    expect(viewCounts({})).toBe('');
  });
});
