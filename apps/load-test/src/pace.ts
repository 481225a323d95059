import type { Plan } from './plan';

/** facts/performance.md 5: more in flight makes each delivery slower and none faster */
const WINDOW = 4_000;

/** Where a run stands, for the decision how many messages may have been sent by now. */
export interface Standing {
  /** ms since the first message was due */
  readonly elapsed: number;
  /** deliveries that arrived, first copies and duplicates */
  readonly copies: number;
}

export interface Pace {
  readonly words: string;
  /** how many messages may have been sent by now, all together */
  allowed(standing: Standing): number;
  /** when a message, counted from 0, is due: ms after the first; undefined: when it is sent */
  dueAt(number: number): number | undefined;
}

export function paceOf({ rate, members, messages, relays }: Plan): Pace {
  return rate === undefined ? windowed(members, messages, relays) : openLoop(rate, messages);
}

/** A message is due at its time whatever became of those before it, so that a stall shows as latency. */
function openLoop(rate: number, messages: number): Pace {
  return {
    words: `open loop, ${rate} messages per second; latency counts from the time at which a message was due`,
    allowed: ({ elapsed }) => Math.min(messages, Math.floor((elapsed * rate) / 1000) + 1),
    dueAt: (number) => (number * 1000) / rate,
  };
}

/** As fast as members receive: at most WINDOW deliveries in flight per relay, but always one message. */
function windowed(members: number, messages: number, relays: number): Pace {
  const atOnce = Math.max(1, Math.floor(WINDOW / members));
  return {
    words: `as fast as it goes with at most ${atOnce * members} deliveries in flight per relay; latency counts from sending`,
    allowed: ({ copies }) => Math.min(messages, Math.floor(copies / (members * relays)) + atOnce),
    dueAt: () => undefined,
  };
}
