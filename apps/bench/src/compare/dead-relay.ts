import { ownerRequests, request, type StatusEvent } from '@chat-relays/bus';
import { groupRelayId, type ProtocolName, servesOwner } from '@chat-relays/protocol';
import { isMove, onboard, type Times } from './onboarding';
import { OWNER, RELAYS, type Stage } from './stage';

/** What came of a group one of whose relays was chosen while its process was stopped. */
export interface DeadRelay {
  /** of the relays that were there, and of a member that joined meanwhile */
  readonly others: Times;
  /** what the owner saw of the one that was not */
  readonly seen: { readonly status: string; readonly stuck: boolean };
  /** ms from its process being ready again to `Confirmed`, with nobody asking for it */
  readonly back: number;
}

export async function withDeadRelay(stage: Stage, protocol: ProtocolName): Promise<DeadRelay> {
  const { fleet, log } = stage;
  const dead = RELAYS[RELAYS.length - 1];
  await fleet.kill(dead, 'SIGTERM');
  const alive = RELAYS.filter((relay) => relay !== dead);
  const { group, groupId, times } = await onboard(stage, protocol, alive);
  const id = groupRelayId(groupId, dead);
  await log.hear(`${dead} of #${group}, stuck,`, 1, (event) => event.id === id && event.since !== undefined);
  const seen = await statusOf(stage, group, dead);
  await fleet.restart(dead);
  const restarted = Date.now();
  const isBack = (event: StatusEvent): boolean =>
    isMove(event, 'group_relay') && event.id === id && servesOwner(event.to);
  const [{ time }] = await log.hear(`${dead} of #${group}`, 1, isBack);
  // it may confirm before it says that it is ready
  return { others: times, seen, back: Math.max(0, time - restarted) };
}

async function statusOf({ bus }: Stage, group: string, relay: string): Promise<DeadRelay['seen']> {
  const { relays } = await request(bus, ownerRequests['owner.group.relays.get'], { owner: OWNER, group });
  const found = relays.find((one) => one.relay === relay);
  if (!found) throw new Error(`#${group} does not know ${relay}`);
  return { status: found.status, stuck: found.stuck };
}
