/** The nouns of the RFC that have a status of their own, named as their tables are. */
export type Noun =
  | 'group'
  | 'group_relay'
  | 'relay_connection'
  | 'relay_address'
  | 'pool_link'
  | 'relay_own'
  | 'owner_connection'
  | 'departure'
  | 'group_member'
  | 'priority_connection'
  | 'membership'
  | 'member_connection'
  | 'delivery_job'
  | 'message';

/** A queue at an SMP server, as its sender knows it. */
export interface QueueAddress {
  readonly server: string;
  /** base64url */
  readonly senderId: string;
}

export interface RecordRef {
  readonly noun: Noun;
  readonly id: string;
}

/** One saga: its status moves along the rows of its dialogue and in no other way. */
export interface SagaRecord extends RecordRef {
  /** the owner, relay or member that it belongs to; an agent process hosts many */
  readonly identity: string;
  readonly protocol: string;
  readonly status: string;
  /** counts from 1; part of every command's id */
  readonly attempt: number;
  readonly data: Record<string, unknown>;
  /** id of the record that this one is a part of */
  readonly parent?: string;
  /** where SEND and ACPT go; set by the contact request or its confirmation */
  readonly peer?: QueueAddress;
  /** W3C traceparent of the span that began the saga */
  readonly trace?: string;
}

export function refKey(ref: RecordRef): string {
  return `${ref.noun}:${ref.id}`;
}

/** The record that this one is a part of: the group of a relay, the relay's group of whoever connects, a connection's membership. */
export function parentOf({ noun, data }: Pick<SagaRecord, 'noun' | 'data'>): string | undefined {
  const field = parents[noun];
  return field && (data[field] as string);
}

/** The group that a record is about: by its owner's id for it, or by its link where a record knows only that. */
export function groupOf({ data }: Pick<SagaRecord, 'data'>): string | undefined {
  const { groupId, groupLink, relayOwnId } = data as { readonly [field: string]: string | undefined };
  return groupId ?? groupLink ?? relayOwnId?.slice(relayOwnId.indexOf('/') + 1);
}

const parents: { readonly [N in Noun]?: string } = {
  group_relay: 'groupId',
  relay_connection: 'groupId',
  owner_connection: 'relayOwnId',
  group_member: 'relayOwnId',
  priority_connection: 'relayOwnId',
  member_connection: 'membershipId',
};
