import { AGENT_VERSIONS, type ContactLinkData, type LinkData, realCrypto as crypto } from '@chat-relays/smp';
import { textId } from '@chat-relays/wire';
import { linkFacts, ownedData } from './group-link-data';
import { PermanentError } from './permanent-error';

const root = crypto.keyPair('ed25519', Buffer.alloc(32, 1));
const entityId = Buffer.alloc(32, 9);
const owner = (number: number, name: string) => {
  const seed = Buffer.alloc(32, number);
  const ownerKey = textId(crypto.keyPair('ed25519', seed).publicKey);
  return { ownerMemberId: textId(Buffer.from(name)), ownerSeed: textId(seed), ownerKey };
};
const alice = owner(2, 'alice');
const bob = owner(3, 'bob');
const groupProfile = { displayName: 'news', fullName: '', added: { by: 'a newer version' } };

const owned = (by = alice, groupId: Uint8Array = entityId, profile: object = groupProfile) =>
  ownedData(crypto, root, by, textId(groupId), { groupProfile: profile });

function facts(user: Partial<ContactLinkData>) {
  const nobody = { agentVersions: AGENT_VERSIONS, direct: false, owners: [], relays: [] };
  const fixed = { entityId } as unknown as LinkData['fixed'];
  return linkFacts(crypto, { fixed, user: { ...nobody, userLinkData: Buffer.from('{}'), ...user } });
}

const json = (bytes: Uint8Array) => JSON.parse(Buffer.from(bytes).toString()) as object;
const without = (data: object) => Buffer.from(JSON.stringify(data));

describe('the data of a group link', () => {
  it('says who owns the group, and that this owner signed the profile', () => {
    const server = { hosts: ['smp'], port: '', keyHash: Buffer.alloc(0) } as const;
    const relay = { kind: 'contact', type: 'g', server, linkKey: Buffer.alloc(32, 5) } as const;
    expect(facts({ ...owned(), relays: [relay] })).toEqual({
      relayLinks: [expect.stringMatching(/^https:\/\/smp\/g#/)],
      entityId: textId(entityId),
      owners: [alice.ownerKey],
      signers: [alice.ownerKey],
      data: { groupProfile, profileSignature: expect.any(String) },
    });
  });

  it('names owners that signed nothing, too', () => {
    const { owners, userLinkData } = owned();
    const two = facts({ owners: [...owned(bob).owners, ...owners], userLinkData });
    expect(two).toMatchObject({ owners: [bob.ownerKey, alice.ownerKey], signers: [alice.ownerKey] });
  });
});

describe('a signature of the profile does not count', () => {
  const { owners, userLinkData } = owned();
  it.each([
    ['of somebody who is no owner', { owners, userLinkData: owned(bob).userLinkData }],
    ['in another group', { owners, userLinkData: owned(alice, Buffer.alloc(32, 8)).userLinkData }],
    [
      'for another profile',
      {
        owners,
        userLinkData: without({
          ...json(userLinkData),
          groupProfile: { ...groupProfile, displayName: 'new' },
        }),
      },
    ],
    [
      'for a profile that is left out',
      { owners, userLinkData: without({ ...json(userLinkData), groupProfile: undefined }) },
    ],
    [
      'with the id of another owner',
      { owners: [{ ...owners[0], ownerId: Buffer.from('bob') }], userLinkData },
    ],
    ['that is none', { owners, userLinkData: without({ ...json(userLinkData), profileSignature: 7 }) }],
    [
      'that is no base64url',
      { owners, userLinkData: without({ ...json(userLinkData), profileSignature: '*' }) },
    ],
    ['that is empty', { owners, userLinkData: without({ ...json(userLinkData), profileSignature: '' }) }],
    ['that is missing', { owners, userLinkData: without({ groupProfile }) }],
  ])('%s', (_, user) => {
    expect(facts(user)).toMatchObject({ owners: [alice.ownerKey], signers: [] });
  });

  it('where the link is that of no group', () => {
    const fixed = {} as LinkData['fixed'];
    const user = { agentVersions: AGENT_VERSIONS, direct: false, relays: [], ...owned() };
    expect(linkFacts(crypto, { fixed, user })).toMatchObject({ entityId: '', signers: [] });
  });
});

it.each(['{', '', '7', 'null', '"text"'])('data that is no JSON object (%s) is refused', (text) => {
  const read = () => facts({ userLinkData: Buffer.from(text) });
  expect(read).toThrow(PermanentError);
  expect(read).toThrow('the link data is not JSON');
});
