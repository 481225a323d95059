import type { Noun, RecordRef } from '@chat-relays/protocol';

/** What an agent tells its process: the source of logs, metrics and status events. Never message content. */
export type Observation =
  | {
      readonly what: 'decided';
      readonly dialogue: string;
      readonly half: string;
      readonly protocol: string;
      readonly ref: RecordRef;
      readonly event: string;
      /** stale: a reply to a command that is no longer outstanding */
      readonly outcome: 'moved' | 'ignored' | 'unmet' | 'violation' | 'stale';
      readonly step?: string;
      readonly from?: string;
      readonly to?: string;
      readonly reason?: string;
      /** of a record that moved: whose it is */
      readonly identity?: string;
      /** of a record that moved: the owner's id of its group, or the group's link */
      readonly group?: string;
    }
  /** only a peer can go on with the record, and has not for long */
  | {
      readonly what: 'stuck';
      readonly protocol: string;
      readonly half: string;
      readonly noun: Noun;
      readonly id: string;
      readonly identity: string;
      readonly group?: string;
      readonly status: string;
      /** unix ms of this status */
      readonly since: number;
    }
  /** bytes or requests that this agent does not take; `where` is a path into what was wrong */
  | { readonly what: 'refused'; readonly purpose: string; readonly where: string; readonly reason: string }
  | {
      readonly what: 'executed';
      readonly kind: string;
      /** the command's id: of an asynchronous command, whoever asked knows it */
      readonly corrId: string;
      readonly result: 'ok' | 'temporary' | 'permanent';
      readonly reason?: string;
    }
  /** what a message's number and hash say of those before it; it is delivered all the same */
  | {
      readonly what: 'integrity';
      readonly result: 'duplicate' | 'bad_id' | 'skipped' | 'bad_hash';
      readonly noun: string;
      /** of the messages that were skipped */
      readonly from?: number;
      readonly to?: number;
    }
  | { readonly what: 'received'; readonly messages: number; readonly duplicates: number }
  /** copies of a relay that say otherwise than the first ones: kept as new evidence, or known and too many */
  | {
      readonly what: 'diverged';
      readonly relayLink: string;
      readonly kept: number;
      readonly dropped: number;
    }
  /** messages of a relay to members that never came, and now never will; how many gaps there were */
  | { readonly what: 'gap'; readonly relayLink: string; readonly gaps: number }
  /** a queue of ours that its SMP server has not any more, or lets nobody read */
  | {
      readonly what: 'lost';
      readonly noun: Noun;
      readonly id: string;
      readonly purpose: string;
      readonly reason: string;
    }
  | { readonly what: 'delivered'; readonly sends: number; readonly behind: number; readonly gone: number }
  /** the world is away; what was being done is tried again */
  | { readonly what: 'waiting'; readonly on: 'database' | 'smp'; readonly reason: string };
