/** The two parts as they are before signing and sealing, and the keys. */
import { fromJson, hex, ok, vectors } from '../../test/vectors';
import type { ShortLink } from './short-link';
import {
  decodeContactLinkData,
  decodeFixedLinkData,
  decodeInvitationLinkData,
  encodeContactLinkData,
  encodeFixedLinkData,
  encodeInvitationLinkData,
  type ContactLinkData,
  type FixedLinkData,
  type InvitationLinkData,
} from './link-data';
import { contactLinkKeys, invitationLinkKey, linkKeyOf } from './link-keys';

const { fixed, user, ignoredTails, invalid, keys, invitation } = vectors('links/link-data.json');
const A_MESSAGE = { ok: false, error: 'A_MESSAGE' };

test.each([...fixed, invitation.fixed] as { hex: string; data: unknown }[])('fixed data', (vector) => {
  const data = fromJson(vector.data) as FixedLinkData;
  expect(encodeFixedLinkData(data).toString('hex')).toBe(vector.hex);
  expect(decodeFixedLinkData(hex(vector.hex))).toEqual(ok(data));
});

test.each(user as { hex: string; data: unknown }[])('user data of a contact link', (vector) => {
  const data = fromJson(vector.data) as ContactLinkData;
  expect(encodeContactLinkData(data).toString('hex')).toBe(vector.hex);
  expect(decodeContactLinkData(hex(vector.hex))).toEqual(ok(data));
});

test.each(invitation.user as { hex: string; data: unknown }[])('user data of an invitation', (vector) => {
  const data = fromJson(vector.data) as InvitationLinkData;
  expect(encodeInvitationLinkData(data).toString('hex')).toBe(vector.hex);
  expect(decodeInvitationLinkData(hex(vector.hex))).toEqual(ok(data));
});

test('what a later version adds at the end is ignored', () => {
  expect(decodeFixedLinkData(hex(ignoredTails.fixed))).toEqual(ok(fromJson(fixed[0].data)));
  expect(decodeContactLinkData(hex(ignoredTails.user))).toEqual(ok(fromJson(user[0].data)));
  expect(decodeInvitationLinkData(hex(invitation.ignoredTail))).toEqual(
    ok(fromJson(invitation.user[0].data)),
  );
});

test('the ratchet parameters of an invitation are passed over', () => {
  expect(decodeFixedLinkData(hex(invitation.withRatchet))).toEqual(ok(fromJson(invitation.fixed.data)));
});

test.each(invalid.fixed as string[])('no fixed data: %s', (bytes) => {
  expect(decodeFixedLinkData(hex(bytes))).toEqual(A_MESSAGE);
});

test.each(invalid.user as string[])('no user data of a contact link: %s', (bytes) => {
  expect(decodeContactLinkData(hex(bytes))).toEqual(A_MESSAGE);
});

test.each(invitation.invalid as string[])('no user data of an invitation: %s', (bytes) => {
  expect(decodeInvitationLinkData(hex(bytes))).toEqual(A_MESSAGE);
});

interface KeyVector {
  readonly linkKey: string;
  readonly linkId: string;
  readonly symmetricKey: string;
  readonly invitationKey: string;
  readonly fixedData?: string;
}

test.each(keys as KeyVector[])('keys of $linkKey', (vector) => {
  if (vector.fixedData) expect(linkKeyOf(hex(vector.fixedData)).toString('hex')).toBe(vector.linkKey);
  const { linkId, symmetricKey } = contactLinkKeys(hex(vector.linkKey));
  expect(linkId.toString('hex')).toBe(vector.linkId);
  expect(symmetricKey.toString('hex')).toBe(vector.symmetricKey);
  expect(invitationLinkKey(hex(vector.linkKey)).toString('hex')).toBe(vector.invitationKey);
});

test('an invitation is not written as a relay link', () => {
  const relay: ShortLink = {
    kind: 'invitation',
    server: { hosts: ['a'], port: '', keyHash: Buffer.alloc(0) },
    linkId: Buffer.alloc(24),
    linkKey: Buffer.alloc(32),
  };
  const data = fromJson(user[0].data) as ContactLinkData;
  expect(() => encodeContactLinkData({ ...data, relays: [relay] })).toThrow(RangeError);
});
