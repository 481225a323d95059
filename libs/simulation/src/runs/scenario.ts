import type { ProtocolName } from '@chat-relays/protocol';
import type { FaultPlan } from '../faults/faults';
import { GROUP, OTHER_GROUP } from '../users/names';

/** What one group of a run is about. */
export interface GroupShape {
  readonly protocol: ProtocolName;
  /** the first ones of the world's */
  readonly relays: number;
  readonly members: number;
  readonly messages: number;
  /** members join as soon as there is a link, not when every relay is confirmed */
  readonly impatient?: boolean;
  /** relays that are chosen after the group was created */
  readonly chosenLater?: number;
  /** times that people change their minds: relays are removed, tried again, chosen again, links looked at */
  readonly meddling?: number;
  /** times that people do anything, whatever is under way, and servers are away */
  readonly anything?: number;
}

/** One run: its first group, perhaps another one with the same owner, relays and members, and what goes wrong. */
export interface Scenario extends GroupShape {
  readonly seed: number;
  readonly faults: FaultPlan;
  /** messages that a queue holds */
  readonly quota?: number;
  readonly other?: GroupShape;
}

export interface NamedGroup extends GroupShape {
  readonly id: string;
}

export function groupsOf(scenario: Scenario): NamedGroup[] {
  const { other, ...first } = scenario;
  return [{ ...first, id: GROUP }, ...(other ? [{ ...other, id: OTHER_GROUP }] : [])];
}
