import { commands, replies } from './commands';
import { isStraight } from './derive';
import type { AnyDialogue, Ask, Event } from './machine';
import type { Noun } from './record';

/** SMP commands that were answered, one after the other, until something came about; by the half that asked. */
export type RoundTrips = Readonly<Record<AnyDialogue['half'], number>>;

/** A record came to a status. */
export interface Arrival {
  readonly noun: Noun;
  readonly status: string;
  readonly after: RoundTrips;
}

interface Due extends Omit<Event, 'facts'> {
  readonly noun: Noun;
  readonly after: RoundTrips;
}

const none: RoundTrips = { owner: 0, relay: 0, member: 0 };

/**
 * The rows run through once with nothing refused: every SMP command takes one unit of time and the rest none, so that the
 * longest chain of round trips decides what comes when. What is said to one peer is said in order; other commands run side by side.
 */
export function course(
  dialogues: readonly AnyDialogue[],
  start: { readonly noun: Noun; readonly name: string },
): Arrival[] {
  const of = (noun: Noun): AnyDialogue | undefined => dialogues.find((dialogue) => dialogue.noun === noun);
  const statuses = new Map<Noun, string>();
  const spoken = new Map<Noun, RoundTrips>();
  const arrivals: Arrival[] = [];
  const due: Due[] = [{ ...start, after: none }];

  const carryOut = (dialogue: AnyDialogue, ask: Ask, since: RoundTrips): void => {
    const { noun, half } = dialogue;
    const speaks = ['ACPT', 'LET', 'SEND'].includes(ask.kind);
    const before = speaks ? later(since, spoken.get(noun) ?? none) : since;
    const after = { ...before, [half]: before[half] + commands[ask.kind].smp.length };
    if (speaks) spoken.set(noun, after);
    due.push({ noun, name: replies[ask.kind], of: ask.step, after });
    const hears = ({ name, half: other, rows }: AnyDialogue): boolean =>
      name === dialogue.name && other !== half && rows.some(({ on }) => on === ask.send);
    const peer = dialogues.find(hears);
    if (ask.send !== undefined && peer) due.push({ noun: peer.noun, name: ask.send, after });
  };

  while (due.length > 0) {
    const [{ noun, name, of: step, after }] = due.splice(soonest(due), 1);
    const dialogue = of(noun);
    const status = statuses.get(noun) ?? '-';
    const row = dialogue?.rows.find(
      (one) =>
        isStraight(one) &&
        one.on === name &&
        one.from.includes(status) &&
        (step === undefined || (one.of ?? one.step) === step),
    );
    if (!dialogue || !row) continue;
    statuses.set(noun, row.to);
    arrivals.push({ noun, status: row.to, after });
    for (const told of row.tell?.({}, {} as never) ?? []) {
      due.push({ noun: told.noun, name: told.event, after });
    }
    for (const ask of row.ask ?? []) carryOut(dialogue, ask, after);
  }
  return arrivals;
}

export function totalOf({ owner, relay, member }: RoundTrips): number {
  return owner + relay + member;
}

function later(one: RoundTrips, other: RoundTrips): RoundTrips {
  return totalOf(other) > totalOf(one) ? other : one;
}

/** The first in time; of several at once the one that was set off first. */
function soonest(due: readonly Due[]): number {
  return due.reduce((best, { after }, at) => (totalOf(after) < totalOf(due[best].after) ? at : best), 0);
}
