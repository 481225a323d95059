import type { Group, GroupStatus } from '../../group';
import type { Dialogue } from '../../machine';
import { anew, chooseRelays, type GroupEvents, invited, newLink, numbered } from '../full/create-group.owner';

/**
 * RFC steps 1 to 5 of the update, owner. Link and owner key are known before anybody is asked for anything (steps 2 and 3,
 * `Agent.createGroup`), so the profile has both when the link is made with it.
 */
export const createGroupPaired: Dialogue<GroupStatus, Group, GroupEvents> = {
  name: 'group.create',
  half: 'owner',
  noun: 'group',
  ends: ['Ready', 'Broken'],
  traced: true,
  aims: { NEW: newLink },
  // prettier-ignore
  rows: [
    { step: '1', on: 'group.create', from: ['-'],   to: 'New',    put: (e) => e, ask: [{ step: '4', kind: 'NEW' }] },
    { step: '1', on: 'group.retry',  from: ['Broken'], to: 'New', again: true, put: anew, ask: [{ step: '4', kind: 'NEW' }] },
    { step: '4', on: 'INV',          from: ['New'], to: 'Ready',  put: (_, d) => numbered(d), tell: (d) => invited(d) },
    { step: '4', on: 'ERR',          from: ['New'], to: 'Broken', put: (e) => e },
    ...chooseRelays('5'),
  ],
};
