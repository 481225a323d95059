import { disowned, type LinkFacts, listed, owned, profileRefusal, unfit } from './link-facts';

const groupLink = 'https://smp/c#news';
const ownerKey = 'alice key';
const publicGroup = { groupType: 'channel', groupLink, publicGroupId: 'bmV3cw==' };
const profile = { displayName: 'news', fullName: '', publicGroup };
const good: LinkFacts = {
  ...{ relayLinks: ['https://smp/g#tea'], entityId: 'bmV3cw==', owners: [ownerKey], signers: [ownerKey] },
  data: { groupProfile: profile },
};
const withProfile = (groupProfile: unknown): LinkFacts =>
  ({ ...good, data: { groupProfile } }) as unknown as LinkFacts;
const withGroup = (more: object): LinkFacts =>
  withProfile({ ...profile, publicGroup: { ...publicGroup, ...more } });

it('a relay is listed by the link that it has, and by none', () => {
  expect(listed(good, { relayLink: 'https://smp/g#tea' })).toBe(true);
  expect(listed(good, { relayLink: 'https://smp/g#te' })).toBe(false);
  expect(listed(good, {})).toBe(false);
});

it('who invited is an owner, is none, or did not say', () => {
  const [alice, bob, nobody] = [{ ownerKey }, { ownerKey: 'bob key' }, {}];
  expect([alice, bob, nobody].map((relay) => disowned(good, relay))).toEqual([false, true, false]);
  expect([alice, bob, nobody].map((relay) => owned(good, relay).ownerProven)).toEqual([true, false, false]);
});

describe('a profile is refused', () => {
  it('never, where it is that of the link', () => {
    expect(profileRefusal(good, { groupLink })).toBeUndefined();
    expect(profileRefusal(good, { groupLink, publicGroupId: 'bmV3cw' })).toBeUndefined();
    expect(profileRefusal({ ...good, entityId: 'bmV3cw' }, { groupLink })).toBeUndefined();
  });

  it.each([
    ['is missing', withProfile(undefined), /^groupProfile: /],
    [
      'is no profile',
      withProfile({ displayName: 7 }),
      /^groupProfile\.displayName: .*; groupProfile\.fullName: /,
    ],
    [
      'is of no public group',
      withProfile({ displayName: 'a', fullName: '' }),
      /^the profile is not that of a public group$/,
    ],
    [
      'names another link',
      withGroup({ groupLink: `${groupLink}2` }),
      /^the profile names another group link$/,
    ],
    [
      'names another group',
      withGroup({ publicGroupId: 'b3RoZXI=' }),
      /^the profile names another group than its link$/,
    ],
    [
      'names no group',
      withGroup({ publicGroupId: undefined }),
      /the profile names another group than|publicGroupId/,
    ],
    [
      'is behind the link of another group',
      { ...good, entityId: 'b3RoZXI=' },
      /^the profile names another group than/,
    ],
    [
      'is behind a link without a group',
      { ...good, entityId: '' },
      /^the profile names another group than its link$/,
    ],
  ] as [string, LinkFacts, RegExp][])('where it %s', (_, facts, reason) => {
    expect(profileRefusal(facts, { groupLink })).toMatch(reason);
  });

  it('where the invitation named another group', () => {
    const refusal = 'the invitation names another group than its link';
    expect(profileRefusal(good, { groupLink, publicGroupId: 'b3RoZXI=' })).toBe(refusal);
  });
});

describe('a relay serves a group of the update', () => {
  const relay = { groupLink, publicGroupId: 'bmV3cw==', ownerKey };

  it('whose owner invited it, and signed the profile', () => {
    expect(unfit(good, relay)).toBeUndefined();
    const two = { ...good, owners: ['bob key', ownerKey], signers: ['bob key', ownerKey] };
    expect(unfit(two, relay)).toBeUndefined();
  });

  it.each([
    ['no key', good, { ...relay, ownerKey: undefined }, 'the invitation is not signed'],
    ['another owner', { ...good, owners: ['bob key'] }, relay, 'the group link does not name who invited'],
    ['no owner', { ...good, owners: [] }, relay, 'the group link does not name who invited'],
    ['another link', withGroup({ groupLink: 'x' }), relay, 'the profile names another group link'],
    ['no signature', { ...good, signers: [] }, relay, 'the profile is not signed by who invited'],
    [
      'the signature of another owner',
      { ...good, signers: ['bob key'] },
      relay,
      'the profile is not signed by who invited',
    ],
  ] as [string, LinkFacts, typeof relay, string][])('and not one with %s', (_, facts, invited, reason) => {
    expect(unfit(facts, invited)).toBe(reason);
  });
});
