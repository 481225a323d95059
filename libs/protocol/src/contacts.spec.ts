import { type JsonObject, messages, messageTags, type ParamsOf, textId } from '@chat-relays/wire';
import { admit, isRequest, type Admission, type Knock, type Refusal, type Signature } from './contacts';
import type { RelayOwn } from './relay-own';
import type { SagaRecord } from './record';

const [aliceId, relayId, bobId] = ['alice', 'relay', 'bob'].map((name) => Buffer.from(name));
const [aliceKey, bobKey] = [Buffer.alloc(44, 1), Buffer.alloc(44, 2)];
const group = Buffer.alloc(32, 9);
const replyTo = 'smp reply';
const groupLink = 'https://smp/c#news';
const address = 'https://smp/r#tea';
const relayLink = 'https://smp/g#tea';
const bytesOf = ({ key, memberId, publicGroupId }: Signature) =>
  [key, memberId, publicGroupId].map((bytes) => Buffer.from(bytes).toString('hex')).join();

/** What is signed with this key, as this member, for this group. */
const signedBy = (key: Uint8Array, memberId: Uint8Array, publicGroupId: Uint8Array = group) => ({
  isSignedBy: (signature: Signature) => bytesOf(signature) === bytesOf({ key, memberId, publicGroupId }),
});

const tea: SagaRecord = {
  ...{ noun: 'relay_address', id: 'tea', identity: 'tea', protocol: 'full', status: 'Ready', attempt: 1 },
  data: { relayName: 'tea', address },
};
const serving = (more: Partial<SagaRecord> = {}, data: Partial<RelayOwn> = {}): SagaRecord => ({
  ...{
    noun: 'relay_own',
    id: 'tea/news',
    identity: 'tea',
    protocol: 'paired',
    status: 'Confirmed',
    attempt: 1,
  },
  data: {
    ...{ groupLink, relayName: 'tea', relayLink, relayMemberId: textId(relayId), ownerKey: textId(aliceKey) },
    profile: { displayName: 'news', fullName: '', publicGroup: { groupLink, publicGroupId: textId(group) } },
    ...data,
  },
  ...more,
});

const refusalOf = (outcome: Admission | Refusal) => ('refusal' in outcome ? outcome.refusal : outcome);

describe('a queue takes what it is for', () => {
  const requests = ['x.grp.relay.inv', 'x.member', 'x.contact', 'x.ok'];
  const taken = { relay_address: ['x.grp.relay.inv'], relay_link: ['x.member', 'x.contact'] };
  const queues = ['group_link', 'relay_address', 'relay_link', 'connection'] as const;
  const wrong = queues.flatMap((purpose) =>
    requests
      .filter((event) => !(taken as Record<string, string[]>)[purpose]?.includes(event))
      .map((event) => ({ purpose, event })),
  );
  it.each(wrong)('and no $event on the $purpose', ({ purpose, event }) => {
    const outcome = admit({ purpose, event, params: {}, host: tea, replyTo });
    expect(outcome).toEqual({ refusal: `the ${purpose} takes no ${event}` });
  });
});

it('what contact queues take are requests, and nothing else is', () => {
  const requests = messageTags.filter(isRequest);
  const taken = messageTags.filter((event) =>
    (['relay_address', 'relay_link'] as const).some((purpose) => {
      const knock = { purpose, event, host: tea, replyTo };
      const params = messages.find(({ tag }) => tag === event)!.example;
      return !/ takes no /.test(JSON.stringify(refusalOf(admit({ ...knock, params }))));
    }),
  );
  expect(requests).toEqual(taken);
});

describe('an invitation', () => {
  type Invited = ParamsOf<'x.grp.relay.inv'>['groupRelayInvitation'];
  const plain: Invited = {
    fromMember: { memberId: aliceId, memberRole: 'owner' },
    fromMemberProfile: { displayName: 'alice', fullName: '' },
    relayMemberId: relayId,
    groupLink,
  };
  const full: Invited = {
    ...plain,
    ...{ publicGroupId: group, fromMemberKey: aliceKey, relayAddress: address, protocol: 'pooled' },
    groupProfile: { displayName: 'news', fullName: 'News' },
  };
  const invite = (invited: Invited, more: Partial<Knock> = {}) =>
    admit({
      ...{ purpose: 'relay_address', event: 'x.grp.relay.inv', host: tea, replyTo },
      params: { groupRelayInvitation: invited },
      ...more,
    });
  const signed = signedBy(aliceKey, aliceId);

  it('is of the record of its group, by its protocol, with what it says', () => {
    expect(invite(full, signed)).toEqual({
      ...{ noun: 'relay_own', id: `tea/${groupLink}`, protocol: 'pooled' },
      facts: {
        ...{ groupLink, relayName: 'tea', ownerName: 'alice', replyTo },
        ...{ ownerMemberId: textId(aliceId), relayMemberId: textId(relayId) },
        ...{ ownerKey: textId(aliceKey), publicGroupId: textId(group) },
        profile: { displayName: 'news', fullName: 'News' },
      },
    });
  });

  it('of upstream is unsigned, and goes by the full protocol', () => {
    const admitted = invite(plain) as Admission;
    expect(admitted).toMatchObject({ noun: 'relay_own', id: `tea/${groupLink}`, protocol: 'full' });
    expect(admitted.facts).toMatchObject({
      ownerKey: undefined,
      publicGroupId: undefined,
      profile: undefined,
    });
  });

  it('is refused where it names a protocol that there is not', () => {
    const refusal = 'x.grp.relay.inv: there is no protocol "paired-2"';
    expect(invite({ ...full, protocol: 'paired-2' }, signed)).toEqual({ refusal });
    expect(invite({ ...full, protocol: 'paired' }, signed)).toMatchObject({ protocol: 'paired' });
  });

  it('is refused where it was meant for another relay', () => {
    const refusal = 'x.grp.relay.inv: it was meant for another relay';
    expect(invite({ ...full, relayAddress: `${address}2` }, signed)).toEqual({ refusal });
    expect(invite(full, { ...signed, host: { ...tea, data: {} } })).toEqual({ refusal });
  });

  it.each([
    ['not signed', {}],
    ['signed with another key', signedBy(bobKey, aliceId)],
    ['signed as another member', signedBy(aliceKey, bobId)],
    ['signed for another group', signedBy(aliceKey, aliceId, Buffer.alloc(32, 8))],
  ])('that names a key is refused where it is %s', (_, more) => {
    const refusal = 'x.grp.relay.inv: not signed with the key that it names';
    expect(invite(full, more)).toEqual({ refusal });
  });

  it('that names no group is signed for none', () => {
    const { publicGroupId: _, ...nowhere } = full;
    expect(refusalOf(invite(nowhere, signed))).toMatch(/not signed/);
    expect(invite(nowhere, signedBy(aliceKey, aliceId, Buffer.alloc(0)))).toMatchObject({
      protocol: 'pooled',
    });
  });
});

describe('a member', () => {
  const joining: ParamsOf<'x.member'> = {
    profile: { displayName: 'bob', fullName: '' },
    ...{ newMemberId: bobId, newMemberKey: bobKey, viaLink: relayLink },
  };
  const join = (params: ParamsOf<'x.member'>, host = serving(), more: Partial<Knock> = {}) =>
    admit({ purpose: 'relay_link', event: 'x.member', params, host, replyTo, ...more });
  const signed = signedBy(bobKey, bobId);
  const factsOf = (outcome: Admission | Refusal) => (outcome as Admission).facts;

  it('is of the record of its id, by the protocol of the group, with what it says', () => {
    const host = serving();
    expect(join(joining, host, signed)).toEqual({
      ...{ noun: 'group_member', id: `tea/news/${textId(bobId)}`, protocol: 'paired' },
      facts: {
        ...{ relayOwnId: 'tea/news', serving: true, proven: true, replyTo, viaLink: joining.viaLink },
        ...{ profile: host.data['profile'], relayMemberId: textId(relayId) },
        ...{ memberId: textId(bobId), memberName: 'bob', memberKey: textId(bobKey) },
      },
    });
    expect(join({ ...joining, purpose: 'messages' }, host, signed)).toEqual(join(joining, host, signed));
  });

  it('has a priority connection by its key, whatever id it says', () => {
    const id = `tea/news/${textId(bobKey)}/priority`;
    const priority = { ...joining, purpose: 'priority' as const };
    expect(join(priority)).toMatchObject({ noun: 'priority_connection', id, protocol: 'paired' });
    expect(join({ ...priority, newMemberId: aliceId })).toMatchObject({ id });
  });

  it('is refused where it was meant for another relay link', () => {
    const refusal = 'x.member: it was meant for another relay link';
    expect(join({ ...joining, viaLink: `${relayLink}2` }, serving(), signed)).toEqual({ refusal });
    expect(join(joining, serving({}, { relayLink: undefined }), signed)).toEqual({ refusal });
  });

  it.each([
    ['not signed', {}],
    ['signed with another key', signedBy(aliceKey, bobId)],
    ['signed as another member', signedBy(bobKey, aliceId)],
    ['signed for another group', signedBy(bobKey, bobId, Buffer.alloc(32, 8))],
  ])('that is %s has not proven its key', (_, more) => {
    expect(factsOf(join(joining, serving(), more))).toMatchObject({ proven: false });
  });

  it('that does not say for which link it signed has not proven its key', () => {
    const { viaLink: _, ...anywhere } = joining;
    expect(factsOf(join(anywhere, serving(), signed))).toMatchObject({ proven: false });
  });

  it('signs for the group that the profile says; where that is unknown, for none', () => {
    const odd: (JsonObject | undefined)[] = [
      undefined,
      {},
      { publicGroup: {} },
      { publicGroup: { publicGroupId: '*' } },
    ];
    for (const more of odd) {
      const profile = more && { displayName: 'news', fullName: '', ...more };
      const host = serving({}, { profile });
      expect(factsOf(join(joining, host, signed))).toMatchObject({ proven: false });
      const nowhere = signedBy(bobKey, bobId, Buffer.alloc(0));
      expect(factsOf(join(joining, host, nowhere))).toMatchObject({ proven: true });
    }
  });

  it('comes too early or too late where the relay does not serve', () => {
    const served = (protocol: string, status: string) =>
      (factsOf(join(joining, serving({ protocol, status }))) as { serving: boolean }).serving;
    expect([served('full', 'LinkCreated'), served('pooled', 'LinkCreated')]).toEqual([false, true]);
    expect([served('full', 'Confirmed'), served('full', 'Removed')]).toEqual([true, false]);
  });
});

describe("the owner's second connection", () => {
  const knocking: ParamsOf<'x.contact'> = {
    profile: { displayName: 'alice', fullName: '' },
    ...{ memberId: aliceId, memberKey: aliceKey, viaLink: relayLink, purpose: 'messages' },
  };
  const signed = signedBy(aliceKey, aliceId);
  const connect = (params: Partial<ParamsOf<'x.contact'>> = {}, more: Partial<Knock> = signed) =>
    admit({
      ...{ purpose: 'relay_link', event: 'x.contact', host: serving(), replyTo },
      params: { ...knocking, ...params },
      ...more,
    });

  it('is the one of the group, by its protocol', () => {
    expect(connect()).toEqual({
      ...{ noun: 'owner_connection', id: 'tea/news/owner', protocol: 'paired' },
      facts: { relayOwnId: 'tea/news', linked: true, replyTo },
    });
  });

  it('comes too late where the relay is removed', () => {
    const linked = (status: string) =>
      (connect({}, { ...signed, host: serving({ status }) }) as { facts?: object }).facts;
    expect(linked('LinkCreated')).toMatchObject({ linked: true });
    expect(linked('Removed')).toMatchObject({ linked: false });
  });

  it.each([
    ['names another key', { memberKey: bobKey }, signed],
    ['names no key', { memberKey: undefined }, signed],
    ['names no member', { memberId: undefined }, signed],
    [
      'comes to a relay that nobody invited with a key',
      {},
      { ...signed, host: serving({}, { ownerKey: undefined }) },
    ],
    [
      'names no key to a relay that nobody invited with one',
      { memberKey: undefined },
      { ...signed, host: serving({}, { ownerKey: undefined }) },
    ],
  ])('is refused where it %s', (_, params, more) => {
    expect(connect(params, more)).toEqual({ refusal: 'x.contact: not from the owner of the group' });
  });

  it.each([`${relayLink}2`, undefined])('is refused where it was meant for the link %s', (viaLink) => {
    expect(connect({ viaLink })).toEqual({ refusal: 'x.contact: it was meant for another relay link' });
  });

  it.each([
    ['not signed', {}],
    ['signed with another key', signedBy(bobKey, aliceId)],
    ['signed as another member', signedBy(aliceKey, bobId)],
    ['signed for another group', signedBy(aliceKey, aliceId, Buffer.alloc(32, 8))],
  ])('is refused where it is %s', (_, more) => {
    expect(connect({}, more)).toEqual({ refusal: "x.contact: not signed with the owner's key" });
  });
});
