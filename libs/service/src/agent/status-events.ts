import type { Noun, Observation } from '@chat-relays/agent';
import { type NatsConnection, type StatusEvent, StatusPublisher } from '@chat-relays/bus';

/** Whose changes are told: nobody's, those of groups and relays, or those of members, too. */
export type StatusEventsScope = 'off' | 'relays' | 'all';

/** Who joins what is metadata of people. */
export const ofMembers: readonly Noun[] = [
  'group_member',
  'priority_connection',
  'membership',
  'member_connection',
];

/** A reason may repeat what a peer wrote. */
const LONGEST_REASON = 500;

/** Tells the bus which records moved, or are stuck; never message content. */
export class StatusEvents {
  private readonly publisher: StatusPublisher;

  constructor(
    connection: NatsConnection,
    private readonly scope: StatusEventsScope,
  ) {
    this.publisher = new StatusPublisher(connection);
  }

  /** @param time unix ms */
  observe(observation: Observation, time: number): void {
    if (observation.what === 'decided') this.moved(observation, time);
    if (observation.what === 'stuck') this.stuck(observation, time);
  }

  /** What was told comes before the end of the process. */
  flush(): void {
    this.publisher.flush();
  }

  private moved(observation: Extract<Observation, { what: 'decided' }>, time: number): void {
    const { outcome, half, protocol, ref, identity, event, step, from, to, group } = observation;
    if (outcome !== 'moved' || identity === undefined || from === undefined || to === undefined) return;
    const reason = observation.reason?.slice(0, LONGEST_REASON);
    this.tell(half, { time, protocol, ...ref, identity, event, step, from, to, reason, group }, ref.noun);
  }

  private stuck(observation: Extract<Observation, { what: 'stuck' }>, time: number): void {
    const { half, protocol, noun, id, identity, status, since, group } = observation;
    const what = { event: 'stuck', from: status, to: status };
    this.tell(half, { time, protocol, noun, id, identity, ...what, group, since }, noun);
  }

  private tell(half: string, event: StatusEvent, noun: Noun): void {
    if (this.scope === 'off' || (this.scope === 'relays' && ofMembers.includes(noun))) return;
    this.publisher.add(half, event);
  }
}
