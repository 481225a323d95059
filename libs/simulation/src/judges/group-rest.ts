import {
  connectionsOf,
  dialogueOf,
  groupOf,
  groupRelayId,
  memberConnectionId,
  type Noun,
  receiving,
  refKey,
  relayOwnId,
  type SagaRecord,
  serves,
  servesOwner,
} from '@chat-relays/protocol';
import type { GroupCourse } from '../users/group-course';
import type { World } from '../world';

/** What has to be true of one group in the end. */
export class GroupRest {
  private readonly group: SagaRecord | undefined;
  /** as those who know it by its link keep them, and those who made it */
  private readonly records: readonly SagaRecord[];

  constructor(
    private readonly world: World,
    private readonly course: GroupCourse,
    private readonly wronged: boolean,
  ) {
    const { id } = course.shape;
    const all = world.processes.flatMap(({ store }) => [...store.records.values()]);
    this.group = all.find((record) => record.noun === 'group' && record.id === id);
    const link = this.group?.data['groupLink'];
    this.records = all.filter((record) => [id, link].includes(groupOf(record) ?? ''));
  }

  check(): string[] {
    return [
      ...this.everyWishIsFulfilled(),
      ...this.everyMessageArrivedOnce(),
      ...(this.wronged ? [] : this.everybodyServesAtLast()),
    ];
  }

  /** Whatever people changed their minds about, the owner wants all relays in the end, and every member has them all. */
  private everybodyServesAtLast(): string[] {
    const { group } = this;
    if (!group) return [];
    const wrong: string[] = [];
    for (const owners of this.all('group_relay')) {
      if (!servesOwner(owners.status)) wrong.push(`${owners.id} is ${owners.status} in the end`);
      const link = String(group.data['groupLink']);
      const relay = this.one('relay_own', relayOwnId(String(owners.data['relayName']), link));
      if (!relay || !serves(relay))
        wrong.push(`${owners.id} does not serve: ${relay?.status ?? 'no record'}`);
    }
    for (const { id } of this.all('membership')) {
      for (const { data } of this.all('group_relay')) {
        for (const purpose of connectionsOf(group.protocol)) {
          const connection = this.one(
            'member_connection',
            memberConnectionId(id, String(data['relayLink']), purpose),
          );
          const ended =
            connection && dialogueOf(connection.protocol, connection.noun).ends.indexOf(connection.status);
          if (ended !== 0) wrong.push(`${id} has no ${purpose} connection with ${String(data['relayName'])}`);
        }
      }
    }
    return wrong;
  }

  /** All relays chosen, all members in, as far as the group and the relays were left whole. */
  private everyWishIsFulfilled(): string[] {
    const { shape, unfulfilled } = this.course;
    if (this.group?.status === 'Broken') return [];
    const wrong = unfulfilled.map((what) => `nobody could ${what}`);
    for (let n = 1; n <= shape.relays; n++) {
      const id = groupRelayId(shape.id, `relay-${n}`);
      if (!this.one('group_relay', id)) wrong.push(`${id} was chosen and never added`);
    }
    const serving = this.all('relay_own').filter(serves);
    const members = this.all('membership').filter(({ status }) => status === 'Joined');
    for (const membership of members) {
      for (const relay of serving) {
        const link = String(relay.data['relayLink']);
        if (!(membership.data['relayLinks'] as string[]).includes(link)) continue;
        if (this.one('member_connection', `${membership.id} ${link}`)?.status !== 'Connected')
          wrong.push(`${membership.id} is not connected to ${relay.identity}, which serves`);
      }
    }
    if (serving.length > 0 && members.length < shape.members)
      wrong.push(`${members.length} of ${shape.members} members are in`);
    return wrong;
  }

  /**
   * Whatever was on its way to a relay when it was posted has come to every member, once and in order: a relay that serves
   * in the end got it then or as the owner's history, and a member that came later as its relay's. Where somebody was
   * wronged, it has come to the members to which a relay forwards that serves.
   */
  private everyMessageArrivedOnce(): string[] {
    const { sent, shape } = this.course;
    const got = new Map<string, string[]>();
    for (const { messages } of this.world.processes) {
      for (const { membershipId, messageId } of messages.kept.values()) {
        got.set(membershipId, [...(got.get(membershipId) ?? []), messageId]);
      }
    }
    const meddled = (shape.meddling ?? 0) + (shape.anything ?? 0) > 0;
    if (!this.wronged && !meddled && sent.length !== shape.messages)
      return [`${sent.length} of ${shape.messages} messages were sent`];
    // a relay that was refused one message of the owner gets it last, when it is chosen again
    const inOrder = !this.world.faults.refusedAt?.startsWith('owner.16');
    const order = (ids: readonly string[]): string => (inOrder ? ids : [...ids].sort()).join();
    return this.all('membership').flatMap((membership) => {
      const messages = got.get(membership.id) ?? [];
      if (messages.some((id) => !sent.includes(id)) || new Set(messages).size < messages.length)
        return [`${membership.id} has messages that nobody sent, or some twice`];
      if ((this.wronged && !this.isReached(membership)) || order(messages) === order(sent)) return [];
      return [`${membership.id} has ${messages.length} messages of ${sent.length}, or in another order`];
    });
  }

  private isReached({ data }: SagaRecord): boolean {
    return this.all('group_member').some((member) => {
      const relay = this.one('relay_own', String(member.data['relayOwnId']));
      const owners = relay && this.one('group_relay', groupRelayId(this.course.shape.id, relay.identity));
      return (
        member.data['memberId'] === data['memberId'] &&
        (receiving as readonly string[]).includes(member.status) &&
        relay !== undefined &&
        serves(relay) &&
        owners !== undefined &&
        servesOwner(owners.status)
      );
    });
  }

  private all(noun: Noun): SagaRecord[] {
    return this.records.filter((record) => record.noun === noun);
  }

  private one(noun: Noun, id: string): SagaRecord | undefined {
    const key = refKey({ noun, id });
    return this.records.find((record) => refKey(record) === key);
  }
}
