import { type ParamsOf, textId } from '@chat-relays/wire';
import { groupMemberId } from './group-member';
import type { StoredProfile } from './group';
import type { RecordRef, SagaRecord } from './record';
import { acceptsMembers, type RelayOwn, relayOwnId } from './relay-own';

/** What a receive queue is for. Contact queues take requests from strangers, `connection` the messages of one peer. */
export type QueuePurpose = 'group_link' | 'relay_address' | 'relay_link' | 'connection';

/** Facts of the two contact requests that the tables know. */
export interface RelayInvited {
  readonly groupLink: string;
  readonly relayName: string;
  readonly ownerMemberId: string;
  readonly ownerName: string;
  readonly relayMemberId: string;
}

export interface MemberAsked {
  readonly relayOwnId: string;
  /** the relay may accept members: it has seen its link in the group link */
  readonly serving: boolean;
  readonly profile: StoredProfile;
  readonly relayMemberId: string;
  readonly memberId: string;
  readonly memberName: string;
  readonly memberKey: string;
}

/** Where a contact request leads: the record it creates or repeats, and the event's facts. */
export type Admission = RecordRef & { readonly facts: object };

export interface Knock {
  readonly purpose: QueuePurpose;
  readonly event: string;
  readonly params: unknown;
  /** the record that owns the contact queue */
  readonly host: SagaRecord;
}

/** undefined: this queue takes no such request (the owner refuses every request on the group link, RFC notes). */
export function admit(knock: Knock): Admission | undefined {
  if (knock.purpose === 'relay_address' && knock.event === 'x.grp.relay.inv') {
    const { groupRelayInvitation: invitation } = knock.params as ParamsOf<'x.grp.relay.inv'>;
    const facts: RelayInvited = {
      groupLink: invitation.groupLink,
      relayName: knock.host.identity,
      ownerMemberId: textId(invitation.fromMember.memberId),
      ownerName: invitation.fromMemberProfile.displayName,
      relayMemberId: textId(invitation.relayMemberId),
    };
    return { noun: 'relay_own', id: relayOwnId(knock.host.identity, invitation.groupLink), facts };
  }
  if (knock.purpose === 'relay_link' && knock.event === 'x.member') {
    const params = knock.params as ParamsOf<'x.member'>;
    const relay = knock.host.data as unknown as RelayOwn;
    const memberId = textId(params.newMemberId);
    const facts: MemberAsked = {
      relayOwnId: knock.host.id,
      serving: acceptsMembers(knock.host.status),
      profile: relay.profile ?? { displayName: '', fullName: '' },
      relayMemberId: relay.relayMemberId,
      memberId,
      memberName: params.profile.displayName,
      memberKey: textId(params.newMemberKey),
    };
    return { noun: 'group_member', id: groupMemberId(knock.host.id, memberId), facts };
  }
  return undefined;
}
