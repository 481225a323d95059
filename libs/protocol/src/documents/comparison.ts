import { type RoundTrips, totalOf } from '../course';
import { recovering, waiting } from '../derive';
import type { AnyDialogue } from '../machine';
import { joiningCost, joiningTrips, onboardingCost, onboardingTrips } from '../onboarding';
import { connectionsOf, type ProtocolName, protocolNames } from '../protocols/names';
import { protocols } from '../protocols/protocols';
import type { Arrow } from './arrow';
import { code, page, tableOf } from './markdown';
import { placesOf, stages } from './stages';
import { titleOf } from './steps';

/** The three protocols side by side. */
export function comparison(arrows: readonly Arrow[]): string {
  return page(
    '# Comparison',
    'The three protocols of the RFC side by side, as the tables have them. `npm run compare` measures them on your machine.',
    '## Steps',
    'The numbers are those of each diagram; a protocol without one does not do this. Step `0` is before the diagram begins.',
    tableOf(
      ['what happens', ...protocolNames, 'who asks whom', 'message'],
      stages.map((stage) => {
        const places = protocolNames.map((protocol) => placesOf(stage, protocol, arrows));
        const words = (of: (place: { who: string; message?: string }) => string): string =>
          [...new Set(places.flat().map(of))].join(', ');
        return [
          stage.what,
          ...places.map((list) => list.map(({ step }) => step).join(', ')),
          words(({ who }) => who),
          words(({ message }) => code(message ?? '')),
        ];
      }),
    ),
    '## Costs',
    'Of one relay and, below, of one member at one relay, when nothing has to be repeated. Sequential round trips are the SMP commands of the longest chain: each begins when the one before it was answered, so a server that answers later by some time makes the whole later by so many times that. They are counted from the choice of the relay, when the group link is there, or from the link in the member’s hand.',
    tableOf(['', ...protocolNames], costs()),
    'The SMP commands by name:',
    tableOf(['', ...protocolNames], commandNames()),
    '## Silence and restarts',
    'Statuses in which only the peer can go on, so that one that is silent keeps the record there:',
    tableOf(['record', ...protocolNames], statusesBy(waiting)),
    'Statuses that a restarted agent leaves by itself, because a command of its own is outstanding:',
    tableOf(['record', ...protocolNames], statusesBy(recovering)),
  );
}

type Figure = (protocol: ProtocolName) => number | string;

function costs(): string[][] {
  const withOwner = (trips: RoundTrips): string => `${totalOf(trips)} (owner ${trips.owner})`;
  const figures: readonly (readonly [string, Figure])[] = [
    ['relay: messages between owner and relay', (one) => onboardingCost(one).messages.length],
    ['relay: SMP commands of the owner', (one) => onboardingCost(one).smp.owner.length],
    ['relay: SMP commands of the relay', (one) => onboardingCost(one).smp.relay.length],
    ['relay: sequential round trips until it serves', (one) => withOwner(onboardingTrips(one).serving)],
    [
      'relay: sequential round trips until the group link lists it',
      (one) => withOwner(onboardingTrips(one).listed),
    ],
    [
      'relay: sequential round trips until it is `Confirmed` at the owner',
      (one) => withOwner(onboardingTrips(one).confirmed),
    ],
    ['member: connections to each relay', (one) => connectionsOf(one).length],
    ['member: messages between member and relay', (one) => joiningCost(one).messages.length],
    [
      'member: SMP commands of the member, with one for the group link',
      (one) => joiningCost(one).smp.member.length,
    ],
    ['member: SMP commands of the relay', (one) => joiningCost(one).smp.relay.length],
    ['member: sequential round trips until it is connected', (one) => totalOf(joiningTrips(one))],
  ];
  return figures.map(([what, of]) => [what, ...protocolNames.map((protocol) => String(of(protocol)))]);
}

function commandNames(): string[][] {
  const list = (names: readonly string[]): string => names.map(code).join(' ');
  return (['owner', 'relay'] as const).map((half) => [
    `relay: of the ${half}`,
    ...protocolNames.map((protocol) => list(onboardingCost(protocol).smp[half])),
  ]);
}

function statusesBy(list: (dialogue: AnyDialogue) => string[]): string[][] {
  const titles = new Set(protocolNames.flatMap((protocol) => protocols[protocol].map(titleOf)));
  return [...titles].flatMap((title) => {
    const cells = protocolNames.map((protocol) => {
      const dialogue = protocols[protocol].find((one) => titleOf(one) === title);
      return dialogue ? list(dialogue).join(', ') || 'none' : '';
    });
    return cells.every((cell) => cell === '' || cell === 'none') ? [] : [[title, ...cells]];
  });
}
