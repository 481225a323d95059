import { course } from './course';
import type { AnyDialogue } from './machine';

const half = (dialogue: object): AnyDialogue =>
  ({ name: 'talk', ends: [], ...dialogue }) as unknown as AnyDialogue;

const asking = half({
  half: 'owner',
  noun: 'group_relay',
  rows: [
    { step: '1', on: 'begin', from: ['-'], to: 'New', ask: [{ step: '2', kind: 'JOIN', send: 'x.contact' }] },
    { step: '2', on: 'JOINED', from: ['New'], to: 'Asked' },
    {
      step: '3',
      on: 'x.ok',
      from: ['New', 'Asked'],
      to: 'Heard',
      ask: [
        { step: '4', kind: 'LET', send: 'x.ok' },
        { step: '5', kind: 'LSET' },
      ],
    },
    {
      step: '5',
      on: 'LINK',
      from: ['Heard'],
      to: 'Written',
      ask: [{ step: '6', kind: 'SEND', send: 'x.grp.info' }],
    },
    { step: '6', on: 'SENT', from: ['Written'], to: 'Told' },
    { step: 'x', on: 'ERR', of: '2', from: ['New'], to: 'Broken' },
  ],
});

const answering = half({
  half: 'relay',
  noun: 'relay_own',
  rows: [
    { step: '2', on: 'x.contact', from: ['-'], to: 'New', ask: [{ step: '3', kind: 'ACPT', send: 'x.ok' }] },
    {
      step: '3',
      on: 'SENT',
      from: ['New'],
      to: 'Answered',
      tell: () => [{ noun: 'pool_link', id: '', event: 'said', facts: {} }],
    },
    { step: '4', on: 'x.ok', from: ['Answered'], to: 'Sure' },
  ],
});

const told = half({
  half: 'relay',
  noun: 'pool_link',
  rows: [{ step: '3', on: 'said', from: ['-'], to: 'Known' }],
});

describe('course', () => {
  const arrivals = course([asking, answering, told], { noun: 'group_relay', name: 'begin' });
  const after = (status: string) => arrivals.find((arrival) => arrival.status === status)?.after;

  it('counts each SMP command of the chain that leads there, for the half that asked', () => {
    expect(after('Asked')).toEqual({ owner: 3, relay: 0, member: 0 });
    expect(after('Answered')).toEqual({ owner: 3, relay: 3, member: 0 });
    expect(after('Sure')).toEqual({ owner: 5, relay: 3, member: 0 });
  });

  it('goes on with what is told to another record', () => {
    expect(after('Known')).toEqual({ owner: 3, relay: 3, member: 0 });
  });

  it('runs commands side by side, but what is said to one peer in its order', () => {
    expect(after('Written')).toEqual({ owner: 4, relay: 3, member: 0 });
    expect(after('Told')).toEqual({ owner: 6, relay: 3, member: 0 });
  });

  it('does not go where something fails', () => {
    expect(after('Broken')).toBeUndefined();
  });
});
