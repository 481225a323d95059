import type { FaultKind } from './plan';
import type { Scenario } from './scenario';

/** How to see this run again. */
export function replayOf(
  { seed, protocol, faults, relays, members, messages, other }: Scenario,
  without: readonly FaultKind[] = [],
): string {
  const crashes = faults.crashes.map(({ point, hit }) => `${point}:${hit}`).join();
  const left = without.length > 0 ? without.join() : undefined;
  const options = [
    `--runs 1 --seed ${seed} --protocol ${protocol}`,
    `--groups ${other ? 2 : 1} --relays ${relays} --members ${members} --messages ${messages}`,
    ...(crashes ? [`--crash ${crashes}`] : []),
    ...(left ? [`--without ${left}`] : []),
  ];
  return [
    `SEED=${seed} CRASH=${crashes || 'none'} PROTOCOL=${protocol}${left ? ` WITHOUT=${left}` : ''}`,
    `npm run sim -- ${options.join(' ')}`,
  ].join('\n');
}
