import { memberRequests, ownerRequests, request, type StatusEvent } from '@chat-relays/bus';
import {
  connectionsOf,
  groupRelayId,
  type Noun,
  type ProtocolName,
  serves,
  servesOwner,
} from '@chat-relays/protocol';
import { OWNER, RELAYS, type Stage } from './stage';

/** ms from the owner's request to create the group, or the member's to join. */
export interface Times {
  /** the first relay would accept members */
  readonly serving: number;
  /** every relay that is there is `Confirmed` at the owner */
  readonly confirmed: number;
  /** a member has all its connections to all listed relays */
  readonly connected: number;
}

export interface GroupMade {
  readonly group: string;
  readonly groupId: string;
  readonly since: number;
  readonly times: Times;
}

let made = 0;

/** One group with all relays chosen and one member, as a user would make it; relays that are not alive answer nothing. */
export async function onboard(
  { bus, log }: Stage,
  protocol: ProtocolName,
  alive: readonly string[] = RELAYS,
): Promise<GroupMade> {
  log.clear();
  const group = `${protocol}-${++made}`;
  const relays = RELAYS.map((_, index) => index + 1);
  const since = Date.now();
  const creation = { owner: OWNER, name: group, relays, protocol };
  const { groupId } = await request(bus, ownerRequests['owner.group.create'], creation);
  const ids = alive.map((relay) => groupRelayId(groupId, relay));
  const isConfirmed = (event: StatusEvent): boolean =>
    isMove(event, 'group_relay') && ids.includes(event.id) && servesOwner(event.to);
  const confirmed = await log.hear(`a confirmed relay of #${group}`, alive.length, isConfirmed);

  const link = await linkOf(bus, group);
  const isServing = (event: StatusEvent): boolean =>
    isMove(event, 'relay_own') &&
    event.group === link &&
    serves({ protocol, noun: 'relay_own', status: event.to });
  const serving = await log.hear(`a serving relay of #${group}`, alive.length, isServing);

  const joined = Date.now();
  await request(bus, memberRequests['member.join'], { link, members: [`member-${made}`] });
  const connections = alive.length * connectionsOf(protocol).length;
  const isConnected = (event: StatusEvent): boolean =>
    isMove(event, 'member_connection') && event.group === link && event.to === 'Connected';
  const connected = await log.hear(`a connected member of #${group}`, connections, isConnected);
  const times = {
    serving: Math.min(...serving.map(({ time }) => time)) - since,
    confirmed: Math.max(...confirmed.map(({ time }) => time)) - since,
    connected: Math.max(...connected.map(({ time }) => time)) - joined,
  };
  return { group, groupId, since, times };
}

/** A change of a status, and no telling that a record is stuck in one. */
export function isMove(event: StatusEvent, noun: Noun): boolean {
  return event.noun === noun && event.since === undefined;
}

async function linkOf(bus: Stage['bus'], group: string): Promise<string> {
  const { groupLink } = await request(bus, ownerRequests['owner.group.get'], { owner: OWNER, group });
  if (groupLink === undefined) throw new Error(`#${group} has relays and no link`);
  return groupLink;
}
