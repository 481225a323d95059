import { MemoryStore, toyCrypto } from '@chat-relays/simulation';
import { sha256, rawPublicKey } from '@chat-relays/smp';
import type { Group, Membership } from '@chat-relays/protocol';
import { idBytes, textId } from '@chat-relays/wire';
import { decisions } from '../../test/decisions';
import { Execution } from '../../test/execution';
import { hostOf } from '../../test/peers';
import { groupCreation, joining } from './beginnings';
import type { EventInput } from './input';

const chosen = [{ name: 'tea', address: 'https://smp/r#tea', relayMemberId: textId(Buffer.from('tea')) }];
const creation = (protocol: string, host = hostOf(toyCrypto).host) => {
  const input = groupCreation(
    { id: 'news', owner: 'alice', name: 'News', protocol, chosen },
    'smp-own',
    host,
  ) as EventInput;
  return { input, facts: input.event.facts as Group };
};

describe('a group', () => {
  it.each(['full', 'pooled', 'paired'])('of %s has an owner with a key', (protocol) => {
    const { input, facts } = creation(protocol);
    expect(input).toMatchObject({
      ...{ ref: { noun: 'group', id: 'news' }, identity: 'alice', protocol },
      event: { name: 'group.create', facts: { groupId: 'news', owner: 'alice', protocol, chosen } },
    });
    const seed = idBytes(facts.ownerSeed);
    expect(seed).toHaveLength(32);
    expect(facts.ownerKey).toBe(textId(toyCrypto.keyPair('ed25519', seed).publicKey));
    expect(idBytes(facts.ownerMemberId)).toHaveLength(16);
  });

  it.each(['full', 'pooled'])('of %s has no link before it is made', (protocol) => {
    const { facts } = creation(protocol);
    expect(facts.profile).toEqual({ displayName: 'News', fullName: '' });
    for (const field of ['groupLink', 'publicGroupId']) expect(facts).not.toHaveProperty(field);
  });

  it('of paired has its link in its profile before it is made, and is made with that link', async () => {
    const { input, facts } = creation('paired');
    const { groupLink, publicGroupId, linkSeed, profile } = facts;
    expect(profile).toMatchObject({ displayName: 'News', publicGroup: { groupLink, publicGroupId } });
    expect(linkSeed).not.toBe(facts.ownerSeed);
    const { decide, commands } = await decisions();
    await decide(input);
    const execution = new Execution(toyCrypto, new MemoryStore());
    const { name, facts: made, queue } = await execution.run(commands()[0]);
    expect({ name, made }).toEqual({ name: 'INV', made: { link: groupLink, entityId: publicGroupId } });
    const rootKey = rawPublicKey(toyCrypto.keyPair('ed25519', rootSeed(queue!.seed)).publicKey);
    expect(textId(sha256(rootKey))).toBe(publicGroupId);
    const read = await execution.run({ ...commands()[0], kind: 'LGET', aim: { link: groupLink! } });
    expect(read).toMatchObject({
      name: 'LDATA',
      facts: { data: { groupProfile: profile, protocol: 'paired' }, signers: [facts.ownerKey] },
    });
  });

  it('has other keys than another one', () => {
    const { host } = hostOf(toyCrypto);
    const [one, two] = ['paired', 'paired'].map((protocol) => creation(protocol, host).facts);
    const fields = [
      'ownerSeed',
      'ownerKey',
      'ownerMemberId',
      'linkSeed',
      'groupLink',
      'publicGroupId',
    ] as const;
    for (const field of fields) expect(one[field]).not.toBe(two[field]);
  });
});

/** As keys.ts makes it. */
function rootSeed(seed: Uint8Array): Buffer {
  return toyCrypto.sha512(seed, Buffer.from('chat-relays root')).subarray(0, 32);
}

it('a member joins with an id and a key of its own, the same towards every relay', () => {
  const { host } = hostOf(toyCrypto);
  const [bob, carol] = ['bob', 'carol'].map((name) => joining(name, 'https://smp/c#a', host) as EventInput);
  expect(bob).toMatchObject({ ref: { noun: 'membership', id: 'bob/https://smp/c#a' }, identity: 'bob' });
  const [one, two] = [bob, carol].map(({ event }) => event.facts as Membership);
  expect(one.memberKey).toBe(textId(toyCrypto.keyPair('ed25519', idBytes(one.memberSeed)).publicKey));
  for (const field of ['memberId', 'memberKey', 'memberSeed'] as const)
    expect(one[field]).not.toBe(two[field]);
});
