import type { Dialogue, Tell } from '../../machine';
import { isLater } from '../../request';
import type { OwnerAsked, OwnerConnection, OwnerConnectionStatus } from '../../owner-connection';

interface Events {
  'x.contact': OwnerAsked;
  'owner.removed': object;
  SENT: object;
  'x.ok': object;
  ERR: { readonly reason: string };
}

/** RFC step 12 of the update, chat relay: who comes over the relay link with the owner's key makes it active. */
export const connectRelay: Dialogue<OwnerConnectionStatus, OwnerConnection, Events> = {
  name: 'relay.connect',
  half: 'relay',
  noun: 'owner_connection',
  ends: ['Connected', 'Removed', 'Broken'],
  traced: true,
  // prettier-ignore
  rows: [
    { step: '12', on: 'x.contact',     from: ['-'],               to: 'New',       when: (e) => e.linked, put: asked, tell: connected, ask: [{ step: '12', kind: 'ACPT', send: 'x.ok' }] },
    { step: '12', on: 'x.contact',     from: ['New', 'Accepted', 'Connected', 'Broken', 'Removed'], to: 'New', when: asksAgain, again: true, put: asked, tell: connected, ask: [{ step: '12', kind: 'ACPT', send: 'x.ok' }] },
    { step: '12', on: 'SENT',          from: ['New'],             to: 'Accepted' },
    { step: '12', on: 'x.ok',          from: ['New', 'Accepted'], to: 'Connected' },
    { step: 'remove.notified.2a', on: 'owner.removed', from: ['New', 'Accepted', 'Connected', 'Broken'], to: 'Removed', ask: [{ step: 'remove.notified.2a', kind: 'DEL' }] },
    { step: 'x',  on: 'ERR', of: '12', from: ['New'],             to: 'Broken',    put: (e) => e },
  ],
  aims: { DEL: () => ({}) },
  says: { 'x.ok': () => ({}) },
};

/** A relay that is removed has no use for its owner, who would send to it in vain. */
function asksAgain(asked: OwnerAsked, known: OwnerConnection): boolean {
  return asked.linked && isLater(asked, known);
}

function asked({ linked: _, ...facts }: OwnerAsked): OwnerConnection {
  return { ...facts, reason: undefined };
}

function connected({ relayOwnId }: OwnerConnection): Tell[] {
  return [{ noun: 'relay_own', id: relayOwnId, event: 'owner.connected', facts: {} }];
}
