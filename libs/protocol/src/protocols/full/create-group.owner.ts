import { type ChosenRelay, contradiction, type Group, type GroupStatus, profileWithLink } from '../../group';
import { groupRelayId } from '../../group-relay';
import type { Dialogue, Row, Tell } from '../../machine';

export interface GroupEvents {
  'group.create': Omit<Group, 'reason'>;
  'group.retry': object;
  'relays.chosen': { readonly relays: readonly ChosenRelay[] };
  'relay.retry': { readonly name: string };
  'relay.back': ChosenRelay;
  'relay.remove': { readonly name: string; readonly force: boolean };
  'relay.broken': { readonly name: string };
  INV: { readonly link: string; readonly entityId: string };
  ERR: { readonly reason: string };
}

/** RFC steps 1 to 4, owner: the group, its link, the link in the profile, the choice of relays. */
export const createGroup: Dialogue<GroupStatus, Group, GroupEvents> = {
  name: 'group.create',
  half: 'owner',
  noun: 'group',
  ends: ['Ready', 'Broken'],
  traced: true,
  aims: { NEW: newLink },
  // prettier-ignore
  rows: [
    { step: '1', on: 'group.create',  from: ['-'],     to: 'New',    put: (e) => e, ask: [{ step: '2', kind: 'NEW' }] },
    { step: '1', on: 'group.retry',   from: ['Broken'], to: 'New',   again: true, put: anew, ask: [{ step: '2', kind: 'NEW' }] },
    { step: '2', on: 'INV',           from: ['New'],   to: 'Ready',  put: withLink, tell: (d) => invited(d) },
    { step: '2', on: 'ERR',           from: ['New'],   to: 'Broken', put: (e) => e },
    ...chooseRelays('4'),
  ],
};

/** The relays of a group, as its owner chooses, tries again and removes them. */
export function chooseRelays(step: string): Row<GroupStatus, Group, GroupEvents>[] {
  // prettier-ignore
  return [
    { step, on: 'relays.chosen', from: ['New'],   to: 'New',   when: consistent, put: remembered },
    { step, on: 'relays.chosen', from: ['Ready'], to: 'Ready', when: consistent, put: (e, d) => ({ ...remembered(e, d), ...numbered(d) }), tell: (d, e) => invited(d, e.relays) },
    { step: 'x', on: 'relay.retry',  from: ['Ready'], to: 'Ready', put: (_, d) => numbered(d), tell: (d, e) => told(d, e.name, 'relay.retry', { invitation: d.invitations }) },
    { step: 'x', on: 'relay.back',   from: ['Ready'], to: 'Ready', put: (e, d) => remembered({ relays: [e] }, d) },
    { step: 'x', on: 'relay.broken', from: ['Ready'], to: 'Ready', put: lost },
    { step: 'remove.notified.1a', on: 'relay.remove', from: ['New'],   to: 'New',   put: without },
    { step: 'remove.notified.1a', on: 'relay.remove', from: ['Ready'], to: 'Ready', when: mayGo, put: without, tell: (d, e) => told(d, e.name, 'relay.remove') },
  ];
}

/**
 * What NEW makes: a link through which nobody connects, to whom the relays are the way. The same one however often the group
 * is begun: a server that said no may have made it before.
 */
export function newLink(group: Group): object {
  const { profile, protocol, linkSeed: seed } = group;
  const data = { groupProfile: profile, protocol };
  return { type: 'c', purpose: 'group_link', direct: false, data, owner: group, seed };
}

/** A server that makes no queues may make some later. */
export function anew(): { reason: undefined } {
  return { reason: undefined };
}

/** Step 3: the link becomes part of the profile in the commit that learns it. */
function withLink({ link, entityId }: GroupEvents['INV'], group: Group): Partial<Group> {
  return {
    ...numbered(group),
    groupLink: link,
    publicGroupId: entityId,
    profile: profileWithLink(group.profile, link, entityId),
  };
}

function consistent({ relays }: GroupEvents['relays.chosen'], { chosen }: Group): boolean {
  return contradiction(relays, chosen) === undefined;
}

/** Whoever is invited by this event is so by this number. */
export function numbered({ invitations = 0 }: Group): Partial<Group> {
  return { invitations: invitations + 1 };
}

function remembered({ relays }: GroupEvents['relays.chosen'], { chosen }: Group): Partial<Group> {
  const named = new Set(relays.map(({ name }) => name));
  const kept = chosen.filter(({ name, broken }) => !(broken && named.has(name)));
  const known = new Set(kept.map(({ name }) => name));
  return { chosen: [...kept, ...relays.filter(({ name }) => !known.has(name))] };
}

function without({ name }: { readonly name: string }, { chosen }: Group): Partial<Group> {
  return { chosen: chosen.filter((relay) => relay.name !== name) };
}

function lost(lost: { readonly name: string }, { chosen }: Group): Partial<Group> {
  return { chosen: chosen.map((relay) => (relay.name === lost.name ? { ...relay, broken: true } : relay)) };
}

/** The last relay stays, unless another one is on the way or the owner insists. */
function mayGo({ name, force }: GroupEvents['relay.remove'], { chosen }: Group): boolean {
  return force || chosen.some((relay) => relay.name !== name && !relay.broken);
}

function told({ groupId }: Group, name: string, event: string, facts: object = {}): Tell[] {
  return [{ noun: 'group_relay', id: groupRelayId(groupId, name), event, facts }];
}

/** A relay that was chosen before has a record, which ignores being chosen again while it serves or is on the way. */
export function invited(group: Group, relays: readonly ChosenRelay[] = group.chosen): Tell[] {
  const { groupId, groupLink, publicGroupId, protocol, profile } = group;
  const { owner, ownerMemberId, ownerSeed, ownerKey } = group;
  return relays.map(({ name, address, relayMemberId }) => ({
    noun: 'group_relay',
    id: groupRelayId(groupId, name),
    event: 'relay.chosen',
    facts: {
      ...{ groupId, groupLink, publicGroupId, protocol, profile, owner, ownerMemberId, ownerSeed, ownerKey },
      relayName: name,
      relayAddress: address,
      relayMemberId,
      invitation: group.invitations,
    },
  }));
}
