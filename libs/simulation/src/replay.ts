import type { Scenario } from './course';

/** How to see this run again. */
export function replayOf({ seed, protocol, faults, relays, members, messages }: Scenario): string {
  const { crash } = faults;
  const at = crash ? `${crash.point}:${crash.hit}` : 'none';
  const size = `--relays ${relays} --members ${members} --messages ${messages}`;
  return [
    `SEED=${seed} CRASH=${at} PROTOCOL=${protocol}`,
    `npm run sim -- --runs 1 --seed ${seed} --protocol ${protocol} ${size}${crash ? ` --crash ${at}` : ''}`,
  ].join('\n');
}
