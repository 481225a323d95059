import { identifier } from '../identifier';
import { enumeration, jsonObject, object, openEnumeration, optional, string, type TypeOf } from '../schema';

/** From lowest to highest; a role of a newer version ranks below them all. */
export const memberRole = openEnumeration(
  'relay',
  'observer',
  'author',
  'member',
  'moderator',
  'admin',
  'owner',
);
export type MemberRole = TypeOf<typeof memberRole>;

export const memberIdRole = object({ memberId: identifier, memberRole });

/** A person's or a relay's profile. */
export const profile = object({
  displayName: string,
  fullName: string,
  shortDescr: optional(string),
  image: optional(string),
  contactLink: optional(string),
  preferences: optional(jsonObject),
});
export type Profile = TypeOf<typeof profile>;

/** A channel's profile. Its link is in it, so that all members and relays know the link that they all joined by. */
export const groupProfile = object({
  displayName: string,
  fullName: string,
  shortDescr: optional(string),
  description: optional(string),
  image: optional(string),
  publicGroup: optional(
    object({
      groupType: openEnumeration('channel', 'group'),
      groupLink: string,
      publicGroupId: identifier,
      publicGroupAccess: optional(jsonObject),
    }),
  ),
  groupPreferences: optional(jsonObject),
  memberAdmission: optional(object({ review: optional(enumeration('all')) })),
});
export type GroupProfile = TypeOf<typeof groupProfile>;
