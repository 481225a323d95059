import { type ChosenRelay, type Group, type GroupStatus, profileWithLink } from '../../group';
import { groupRelayId } from '../../group-relay';
import type { Dialogue, Tell } from '../../machine';

interface Events {
  'group.create': Omit<Group, 'groupLink' | 'reason'>;
  'relays.chosen': { readonly relays: readonly ChosenRelay[] };
  INV: { readonly link: string; readonly entityId: string };
  ERR: { readonly reason: string };
}

/** RFC steps 1 to 4, owner: the group, its link, the link in the profile, the choice of relays. */
export const createGroup: Dialogue<GroupStatus, Group, Events> = {
  name: 'group.create',
  half: 'owner',
  noun: 'group',
  ends: ['Ready', 'Broken'],
  traced: true,
  aims: {
    NEW: ({ profile }) => ({
      type: 'c',
      purpose: 'group_link',
      direct: false,
      data: { groupProfile: profile },
    }),
  },
  // prettier-ignore
  rows: [
    { step: '1', on: 'group.create',  from: ['-'],     to: 'New',    put: (e) => e, ask: [{ step: '2', kind: 'NEW' }] },
    { step: '2', on: 'INV',           from: ['New'],   to: 'Ready',  put: withLink, tell: invited },
    { step: '4', on: 'relays.chosen', from: ['New'],   to: 'New',    put: remembered },
    { step: '4', on: 'relays.chosen', from: ['Ready'], to: 'Ready',  put: remembered, tell: invited },
    { step: '2', on: 'ERR',           from: ['New'],   to: 'Broken', put: (e) => e },
  ],
};

/** Step 3: the link becomes part of the profile in the commit that learns it. */
function withLink({ link, entityId }: Events['INV'], { profile }: Group): Partial<Group> {
  return { groupLink: link, profile: profileWithLink(profile, link, entityId) };
}

function remembered({ relays }: Events['relays.chosen'], { chosen }: Group): Partial<Group> {
  const known = new Set(chosen.map(({ name }) => name));
  return { chosen: [...chosen, ...relays.filter(({ name }) => !known.has(name))] };
}

/** A relay that was chosen before has a record, which ignores being chosen again. */
function invited(group: Group): Tell[] {
  const { groupId, groupLink, profile, owner, ownerMemberId } = group;
  return group.chosen.map(({ name, address, relayMemberId }) => ({
    noun: 'group_relay',
    id: groupRelayId(groupId, name),
    event: 'relay.chosen',
    facts: {
      groupId,
      groupLink,
      profile,
      owner,
      ownerMemberId,
      relayName: name,
      relayAddress: address,
      relayMemberId,
    },
  }));
}
