import type { Noun, Observation } from '@chat-relays/agent';
import type { NatsConnection } from '@chat-relays/bus';
import { StatusEvents, type StatusEventsScope } from './status-events';

/** What an agent's observations become on the bus: `subject` and event, one each. */
function told(scope: StatusEventsScope, ...observations: Observation[]) {
  const published: [subject: string, event: Record<string, unknown>][] = [];
  const publish = (subject: string, payload: string): void => {
    const { events } = JSON.parse(payload) as { events: Record<string, unknown>[] };
    for (const event of events) published.push([subject, event]);
  };
  const connection = { isClosed: () => false, isDraining: () => false, publish } as unknown as NatsConnection;
  const events = new StatusEvents(connection, scope);
  for (const observation of observations) events.observe(observation, 1_000);
  events.flush();
  return published;
}

const moved = (noun: Noun, id: string, more: object = {}): Observation => ({
  ...{ what: 'decided', dialogue: 'relay.add', half: 'owner', protocol: 'full', ref: { noun, id } },
  ...{ event: 'JOINED', outcome: 'moved', step: '5', from: 'New', to: 'Invited', identity: 'alice' },
  ...more,
});

describe('what is told on the bus', () => {
  it('is each record that moved, and each that is stuck', () => {
    const stuck: Observation = {
      ...{ what: 'stuck', protocol: 'full', half: 'owner', noun: 'group_relay', id: 'news/relay-1' },
      ...{ identity: 'alice', group: 'news', status: 'Invited', since: 7 },
    };
    expect(told('relays', moved('group_relay', 'news/relay-1', { group: 'news' }), stuck)).toEqual([
      [
        'events.owner.group_relay',
        {
          ...{ time: 1_000, protocol: 'full', noun: 'group_relay', id: 'news/relay-1', identity: 'alice' },
          ...{ event: 'JOINED', step: '5', from: 'New', to: 'Invited', group: 'news' },
        },
      ],
      [
        'events.owner.group_relay',
        {
          ...{ time: 1_000, protocol: 'full', noun: 'group_relay', id: 'news/relay-1', identity: 'alice' },
          ...{ event: 'stuck', from: 'Invited', to: 'Invited', group: 'news', since: 7 },
        },
      ],
    ]);
  });

  it('is nothing of what did not move', () => {
    const others = ['ignored', 'unmet', 'violation', 'stale'].map((outcome) =>
      moved('group_relay', 'news/relay-1', { outcome }),
    );
    expect(told('all', ...others, { what: 'received', messages: 3, duplicates: 2 })).toEqual([]);
  });

  it('names a reason, but not all of a long one', () => {
    const [[, event]] = told('relays', moved('group_relay', 'a', { reason: 'x'.repeat(9_000) }));
    expect(event.reason).toBe('x'.repeat(500));
  });

  it.each<[StatusEventsScope, Noun[]]>([
    ['off', []],
    ['relays', ['group', 'group_relay', 'relay_address', 'relay_own']],
    [
      'all',
      [
        'group',
        'group_relay',
        'relay_address',
        'relay_own',
        'group_member',
        'membership',
        'member_connection',
      ],
    ],
  ])('with %s is of %j', (scope, expected) => {
    const nouns: Noun[] = [
      ...(['group', 'group_relay', 'relay_address', 'relay_own'] as const),
      ...(['group_member', 'membership', 'member_connection'] as const),
    ];
    const found = told(scope, ...nouns.map((noun) => moved(noun, 'id')));
    expect(found.map(([, { noun }]) => noun)).toEqual(expected);
  });
});
