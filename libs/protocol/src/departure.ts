/** How far a relay is with deleting what it has of members, after its link is gone. */
export type DepartureStatus = 'Leaving' | 'Left';

/** Of a relay from a group: one record, however often it leaves, with the id of the relay's own. */
export interface Departure {
  readonly relayOwnId: string;
  /** of the relay in the group: whoever was let in later stays */
  readonly life: number;
  /** those who could not be told so far go, too */
  readonly untold?: boolean;
}

/** What CLEAN left to do. */
export interface DepartureRest {
  readonly untold: boolean;
}
