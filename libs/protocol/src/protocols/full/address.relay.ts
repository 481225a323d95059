import type { Dialogue } from '../../machine';
import type { RelayAddress, RelayAddressStatus } from '../../relay-address';

interface Events {
  'address.create': { readonly relayName: string };
  INV: { readonly link: string };
  ERR: { readonly reason: string };
}

/** Before step 5: the relay's own address, made at its first start; owners invite it there. */
export const createAddress: Dialogue<RelayAddressStatus, RelayAddress, Events> = {
  name: 'relay.address',
  half: 'relay',
  noun: 'relay_address',
  ends: ['Ready', 'Broken'],
  aims: {
    NEW: ({ relayName }) => ({
      type: 'r',
      purpose: 'relay_address',
      direct: true,
      data: { relayProfile: { displayName: relayName, fullName: '' } },
    }),
  },
  // prettier-ignore
  rows: [
    { step: '0', on: 'address.create', from: ['-'],              to: 'New',    put: (e) => e, ask: [{ step: '0', kind: 'NEW' }] },
    { step: '0', on: 'address.create', from: ['Broken'],         to: 'New',    again: true, put: () => ({ reason: undefined }), ask: [{ step: '0', kind: 'NEW' }] },
    { step: '0', on: 'INV',            from: ['New'],            to: 'Ready',  put: ({ link }) => ({ address: link }) },
    { step: 'x', on: 'ERR', of: '0',   from: ['New'],            to: 'Broken', put: (e) => e },
  ],
};
