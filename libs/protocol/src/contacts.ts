import { decodeBase64Url, type MessageTag, type ParamsOf, textId } from '@chat-relays/wire';
import { groupMemberId, type MemberAsked } from './group-member';
import { storedProfile } from './group';
import { type OwnerAsked, ownerConnectionId } from './owner-connection';
import { priorityConnectionId } from './priority-connection';
import { isProtocol } from './protocols/names';
import { isLinked, serves } from './protocols/protocols';
import type { RecordRef, SagaRecord } from './record';
import { type RelayInvited, type RelayOwn, relayOwnId } from './relay-own';

/** What a receive queue is for. Contact queues take requests from strangers, `connection` the messages of one peer. */
export type QueuePurpose = 'group_link' | 'relay_address' | 'relay_link' | 'connection';

/** Where a contact request leads: the record that it creates or repeats, its protocol, and the event's facts. */
export type Admission = RecordRef & { readonly protocol: string; readonly facts: object };

export interface Refusal {
  readonly refusal: string;
}

export interface Knock {
  readonly purpose: QueuePurpose;
  readonly event: string;
  readonly params: unknown;
  /** the record that owns the contact queue */
  readonly host: SagaRecord;
  /** of the queue on which an answer is awaited */
  readonly replyTo: string;
  /** undefined where the request has no signature */
  readonly isSignedBy?: (signer: Signature) => boolean;
}

/** Whose signature it should be, bound to which group. */
export interface Signature {
  readonly key: Uint8Array;
  readonly memberId: Uint8Array;
  readonly publicGroupId: Uint8Array;
}

/** What contact queues take. On a connection they are nobody's: what makes them facts of a record is `admit`. */
const requests: readonly string[] = ['x.grp.relay.inv', 'x.member', 'x.contact'] satisfies MessageTag[];

export function isRequest(event: string): boolean {
  return requests.includes(event);
}

/** The owner refuses every request on the group link (RFC notes), a relay all that it does not know. */
export function admit(knock: Knock): Admission | Refusal {
  const { purpose, event, params } = knock;
  if (purpose === 'relay_address' && event === 'x.grp.relay.inv') {
    return invitation(knock, params as ParamsOf<'x.grp.relay.inv'>);
  }
  if (purpose === 'relay_link' && event === 'x.member') return member(knock, params as ParamsOf<'x.member'>);
  if (purpose === 'relay_link' && event === 'x.contact') return owner(knock, params as ParamsOf<'x.contact'>);
  return { refusal: `the ${purpose} takes no ${event}` };
}

function invitation(
  { host, replyTo, isSignedBy }: Knock,
  { groupRelayInvitation: invited }: ParamsOf<'x.grp.relay.inv'>,
): Admission | Refusal {
  const {
    groupLink,
    publicGroupId,
    fromMember,
    fromMemberKey,
    relayAddress,
    attempt,
    protocol = 'full',
  } = invited;
  if (!isProtocol(protocol)) return { refusal: `x.grp.relay.inv: there is no protocol "${protocol}"` };
  if (relayAddress !== undefined && relayAddress !== host.data['address'])
    return { refusal: 'x.grp.relay.inv: it was meant for another relay' };
  if (fromMemberKey) {
    const { memberId } = fromMember;
    const signature = { key: fromMemberKey, memberId, publicGroupId: publicGroupId ?? new Uint8Array(0) };
    if (!isSignedBy?.(signature))
      return { refusal: 'x.grp.relay.inv: not signed with the key that it names' };
  }
  const facts: RelayInvited = {
    groupLink,
    relayName: host.identity,
    ownerMemberId: textId(fromMember.memberId),
    ownerName: invited.fromMemberProfile.displayName,
    relayMemberId: textId(invited.relayMemberId),
    replyTo,
    attempt,
    ownerKey: fromMemberKey && textId(fromMemberKey),
    publicGroupId: publicGroupId && textId(publicGroupId),
    profile: invited.groupProfile && storedProfile(invited.groupProfile),
  };
  return { noun: 'relay_own', id: relayOwnId(host.identity, groupLink), protocol, facts };
}

function member(
  { host, replyTo, isSignedBy }: Knock,
  { newMemberId, newMemberKey, viaLink, attempt, purpose = 'messages', profile }: ParamsOf<'x.member'>,
): Admission | Refusal {
  const relay = host.data as unknown as RelayOwn;
  if (viaLink !== undefined && viaLink !== relay.relayLink)
    return { refusal: 'x.member: it was meant for another relay link' };
  const facts: MemberAsked = {
    relayOwnId: host.id,
    serving: serves(host),
    proven:
      viaLink !== undefined &&
      isSignedBy?.({ key: newMemberKey, memberId: newMemberId, publicGroupId: groupOf(relay) }) === true,
    profile: relay.profile ?? { displayName: '', fullName: '' },
    relayMemberId: relay.relayMemberId,
    memberId: textId(newMemberId),
    memberName: profile.displayName,
    memberKey: textId(newMemberKey),
    replyTo,
    viaLink,
    attempt,
    ...(relay.life !== undefined && { life: relay.life }),
  };
  const { protocol } = host;
  if (purpose === 'priority') {
    const id = priorityConnectionId(host.id, facts.memberKey, relay.life);
    return { noun: 'priority_connection', id, protocol, facts };
  }
  return { noun: 'group_member', id: groupMemberId(host.id, facts.memberId, relay.life), protocol, facts };
}

/** Step 12 of `paired`: only the owner that the group link names. */
function owner(
  { host, replyTo, isSignedBy }: Knock,
  { memberId, memberKey, viaLink, attempt }: ParamsOf<'x.contact'>,
): Admission | Refusal {
  const relay = host.data as unknown as RelayOwn;
  const known = memberKey !== undefined && textId(memberKey) === relay.ownerKey;
  if (!memberId || !known) return { refusal: 'x.contact: not from the owner of the group' };
  if (viaLink !== relay.relayLink) return { refusal: 'x.contact: it was meant for another relay link' };
  if (!isSignedBy?.({ key: memberKey, memberId, publicGroupId: groupOf(relay) }))
    return { refusal: "x.contact: not signed with the owner's key" };
  const facts: OwnerAsked = { relayOwnId: host.id, linked: isLinked(host), replyTo, attempt };
  return {
    noun: 'owner_connection',
    id: ownerConnectionId(host.id),
    protocol: host.protocol,
    facts,
  };
}

/** As its profile says, to which members have bound what they sign. */
function groupOf({ profile }: RelayOwn): Uint8Array {
  const group = profile?.['publicGroup'] as { publicGroupId?: unknown } | undefined;
  return typeof group?.publicGroupId === 'string'
    ? (decodeBase64Url(group.publicGroupId) ?? new Uint8Array(0))
    : new Uint8Array(0);
}
