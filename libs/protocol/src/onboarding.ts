import { commands } from './commands';
import { type Arrival, course, type RoundTrips } from './course';
import { straightAsks } from './derive';
import type { AnyDialogue } from './machine';
import type { ProtocolName } from './protocols/names';
import { protocols } from './protocols/protocols';

/** What one thing costs, by the half that asks for it. */
export interface Cost {
  /** names of SMP commands, in the order of the tables */
  readonly smp: Readonly<Record<'owner' | 'relay' | 'member', readonly string[]>>;
  /** tags of messages between the halves */
  readonly messages: readonly string[];
}

/** The halves of adding one relay, and what is of the same trace with them. */
export function onboardingDialogues(protocol: ProtocolName): AnyDialogue[] {
  return protocols[protocol].filter(({ traced, noun }) => traced && noun !== 'group');
}

/** The halves of one member joining at one relay. */
function joiningDialogues(protocol: ProtocolName): AnyDialogue[] {
  return protocols[protocol].filter(({ name }) => name === 'group.join');
}

/** Of one relay being added, when nothing has to be repeated. */
export function onboardingCost(protocol: ProtocolName): Cost {
  return costOf(onboardingDialogues(protocol));
}

function costOf(dialogues: readonly AnyDialogue[]): Cost {
  const smpOf = (half: AnyDialogue['half']): string[] =>
    dialogues
      .filter((dialogue) => dialogue.half === half)
      .flatMap((dialogue) => straightAsks(dialogue))
      .flatMap(({ kind }) => commands[kind].smp.map(({ command }) => command));
  return {
    smp: { owner: smpOf('owner'), relay: smpOf('relay'), member: smpOf('member') },
    messages: dialogues.flatMap((dialogue) => straightAsks(dialogue).flatMap(({ send }) => send ?? [])),
  };
}

/** The longest chains of round trips from a relay's choice on. */
export interface OnboardingTrips {
  /** the relay would accept members */
  readonly serving: RoundTrips;
  /** its link is in the group link */
  readonly listed: RoundTrips;
  /** the owner knows, and sends to it */
  readonly confirmed: RoundTrips;
}

export function onboardingTrips(protocol: ProtocolName): OnboardingTrips {
  const dialogues = onboardingDialogues(protocol);
  const arrivals = course(dialogues, { noun: 'group_relay', name: 'relay.chosen' });
  const serves = dialogues.find(({ noun }) => noun === 'relay_own')?.serves ?? [];
  const owner = dialogues.find(({ noun }) => noun === 'group_relay');
  const written = owner?.rows.find(({ on }) => on === 'LINK')?.to;
  return {
    serving: first(arrivals, ({ noun, status }) => noun === 'relay_own' && serves.includes(status)),
    listed: first(arrivals, ({ noun, status }) => noun === 'group_relay' && status === written),
    confirmed: first(arrivals, ({ noun, status }) => noun === 'group_relay' && status === 'Confirmed'),
  };
}

function first(arrivals: readonly Arrival[], isIt: (arrival: Arrival) => boolean): RoundTrips {
  const arrival = arrivals.find(isIt);
  if (!arrival) throw new RangeError('the tables do not come there');
  return arrival.after;
}

/** From the link in a member's hand to its connection to a relay: reading the link, then connecting. */
export function joiningTrips(protocol: ProtocolName): RoundTrips {
  const dialogues = joiningDialogues(protocol);
  const read = first(
    course(dialogues, { noun: 'membership', name: 'member.join' }),
    ({ noun, status }) => noun === 'membership' && status === 'Joined',
  );
  const connected = first(
    course(dialogues, { noun: 'member_connection', name: 'relay.listed' }),
    ({ noun, status }) => noun === 'member_connection' && status === 'Connected',
  );
  return { owner: 0, relay: connected.relay, member: read.member + connected.member };
}

/** Of one member joining at one relay. */
export function joiningCost(protocol: ProtocolName): Cost {
  return costOf(joiningDialogues(protocol));
}
