import type { CommandKind } from '@chat-relays/smp';

/** When a rule hits. Without any of it: always. */
export interface Chance {
  /** 0 to 1 */
  readonly probability?: number;
  /** the rule is gone after so many hits */
  readonly count?: number;
  /** makes the hits of a probability the same in every run */
  readonly seed?: number;
}

/** What is done to a command. */
export type Fault =
  | { readonly fault: 'delay'; readonly ms: number }
  /** not executed, not answered */
  | { readonly fault: 'drop' }
  /** executed and committed, but not answered; what it sets off for others is sent */
  | { readonly fault: 'drop-reply' }
  /** not executed, answered `ERR` with this */
  | { readonly fault: 'error'; readonly error: string };

export type FaultRule = Fault & Chance & { readonly commands: 'all' | readonly CommandKind[] };

/** Everything that a server is asked to get wrong; nothing of it by default. */
export interface FaultSettings {
  readonly rules: readonly FaultRule[];
  /** before every commit */
  readonly slowStorageMs?: number;
  /** every NEW is answered `ERR AUTH` */
  readonly refuseNew?: boolean;
  /** blocks are taken and not executed, for so long or, without `ms`, until the server is told to resume */
  readonly pause?: { readonly ms?: number };
}

export const NO_FAULTS: FaultSettings = { rules: [] };
