import type { Scenario } from './scenario';
import type { FaultKind } from './plan';

/** How to see this run again. */
export function replayOf(
  { seed, protocol, faults, relays, members, messages }: Scenario,
  without: readonly FaultKind[] = [],
): string {
  const { crash } = faults;
  const at = crash ? `${crash.point}:${crash.hit}` : 'none';
  const left = without.length > 0 ? without.join() : undefined;
  const options = [
    `--runs 1 --seed ${seed} --protocol ${protocol}`,
    `--relays ${relays} --members ${members} --messages ${messages}`,
    ...(crash ? [`--crash ${at}`] : []),
    ...(left ? [`--without ${left}`] : []),
  ];
  return [
    `SEED=${seed} CRASH=${at} PROTOCOL=${protocol}${left ? ` WITHOUT=${left}` : ''}`,
    `npm run sim -- ${options.join(' ')}`,
  ].join('\n');
}
