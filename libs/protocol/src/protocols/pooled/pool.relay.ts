import type { Dialogue, Tell } from '../../machine';
import { type PoolLink, poolLinkId, type PoolLinkStatus } from '../../pool-link';

interface Events {
  'link.wanted': Pick<PoolLink, 'relayName' | 'number' | 'size'>;
  INV: { readonly link: string };
  'link.taken': object;
  'queue.lost': object;
  ERR: { readonly reason: string };
}

/**
 * Step 0: a link is made before anybody asks for it; whoever takes it has another one made. One that is lost, over which nobody
 * could come, is made anew.
 */
export const poolLinks: Dialogue<PoolLinkStatus, PoolLink, Events> = {
  name: 'relay.pool',
  half: 'relay',
  noun: 'pool_link',
  ends: ['Ready', 'Taken', 'Broken'],
  // prettier-ignore
  rows: [
    { step: '0', on: 'link.wanted', from: ['-'],      to: 'New',    put: (e) => e, ask: [{ step: '0', kind: 'NEW' }] },
    { step: '0', on: 'link.wanted', from: ['Broken'], to: 'New',    again: true, put: () => ({ reason: undefined }), ask: [{ step: '0', kind: 'NEW' }] },
    { step: '0', on: 'INV',         from: ['New'],    to: 'Ready',  put: ({ link }) => ({ link }) },
    { step: '0', on: 'link.taken',  from: ['Ready'],  to: 'Taken',  tell: refill },
    { step: 'x', on: 'queue.lost',  from: ['Ready'],  to: 'New',    again: true, ask: [{ step: 'x', kind: 'DEL' }, { step: '0', kind: 'NEW' }] },
    { step: 'x', on: 'ERR', of: '0', from: ['New'],   to: 'Broken', put: (e) => e },
  ],
  aims: {
    NEW: ({ relayName }) => ({
      type: 'g',
      purpose: 'relay_link',
      direct: true,
      data: { relayProfile: { displayName: relayName, fullName: '' } },
    }),
    DEL: () => ({}),
  },
};

/** Numbers are taken in turns of the pool's size, so that each link has one successor. */
function refill({ relayName, number, size }: PoolLink): Tell[] {
  const next = number + size;
  return [
    {
      noun: 'pool_link',
      id: poolLinkId(relayName, next),
      event: 'link.wanted',
      facts: { relayName, number: next, size },
    },
  ];
}
