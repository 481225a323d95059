import { toyCrypto } from '@chat-relays/simulation';
import { type Crypto, realCrypto } from '@chat-relays/smp';
import { decodeBody, encodeEnvelope, type SignedElement, textId } from '@chat-relays/wire';
import { isSignedBy, sign, signElement } from './signing';

const body = encodeEnvelope({ message: { event: 'x.ok', params: {} } });
const seed = Buffer.alloc(32, 1);
const [group, member] = [Buffer.from('group'), Buffer.from('member')];
const signer = { seed: textId(seed), publicGroupId: textId(group), memberId: textId(member) };

describe.each([
  ['real', realCrypto],
  ['toy', toyCrypto],
] as [string, Crypto][])('with %s crypto, a signature', (_, crypto) => {
  const key = (bytes: Uint8Array) => crypto.keyPair('ed25519', bytes).publicKey;
  const expected = { key: key(seed), memberId: member, publicGroupId: group };
  const good = sign(crypto, signer, body);
  const element = { binding: 'G', signatures: [good], body } as const;
  const other = sign(crypto, { ...signer, seed: textId(Buffer.alloc(32, 2)) }, body);

  it('counts for its group, its member, its key and its body alone', () => {
    const counts = (signed: Parameters<typeof isSignedBy>[1], by = expected) =>
      isSignedBy(crypto, signed, by);
    expect(counts(element)).toBe(true);
    expect(counts(element, { ...expected, publicGroupId: Buffer.from('grouq') })).toBe(false);
    expect(counts(element, { ...expected, memberId: Buffer.from('membes') })).toBe(false);
    expect(counts(element, { ...expected, key: key(Buffer.alloc(32, 2)) })).toBe(false);
    expect(counts({ ...element, body: Buffer.from('{}') })).toBe(false);
  });

  it('says where the group ends and the member begins', () => {
    const shifted = { ...expected, publicGroupId: Buffer.from('groupm'), memberId: Buffer.from('ember') };
    expect(isSignedBy(crypto, element, shifted)).toBe(false);
  });

  it.each(['D', 'C'] as const)(
    'that is bound to something else than a member of a group (%s) does not',
    (binding) => {
      expect(isSignedBy(crypto, { ...element, binding }, expected)).toBe(false);
    },
  );

  it('does not count beside one that does not', () => {
    expect(isSignedBy(crypto, { ...element, signatures: [good, good] }, expected)).toBe(true);
    expect(isSignedBy(crypto, { ...element, signatures: [good, other] }, expected)).toBe(false);
    expect(isSignedBy(crypto, { ...element, signatures: [other, good] }, expected)).toBe(false);
  });

  it('goes with the message that it signs, byte for byte', () => {
    const [decoded] = decodeBody(signElement(crypto, signer, body)) as { ok: true; value: SignedElement }[];
    expect(decoded).toMatchObject({ ok: true, value: { kind: 'signed', binding: 'G' } });
    expect(Buffer.from(decoded.value.body).equals(body)).toBe(true);
    expect(isSignedBy(crypto, decoded.value, expected)).toBe(true);
  });
});
