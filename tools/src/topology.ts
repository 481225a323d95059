import type { ServiceSpec } from './fleet';

/**
 * The fleet of the demo: an SMP server each for the owner, the relays and the members, so that every message
 * crosses servers as it does in the world.
 */
export function defaultTopology({ relays = 3 }: { relays?: number } = {}): ServiceSpec[] {
  return [
    smpServer('smp-owner'),
    smpServer('smp-relays'),
    smpServer('smp-members'),
    { name: 'owner-agent', app: 'owner-agent', env: { SMP_SERVER: 'smp-owner' } },
    ...Array.from({ length: relays }, (_, index) => relayAgent(`relay-${index + 1}`)),
    { name: 'member-agent', app: 'member-agent', env: { SMP_SERVER: 'smp-members' } },
  ];
}

function smpServer(name: string): ServiceSpec {
  return { name, app: 'smp-server', env: { SMP_SERVER_NAME: name } };
}

function relayAgent(name: string): ServiceSpec {
  return { name, app: 'relay-agent', env: { RELAY_NAME: name, SMP_SERVER: 'smp-relays' } };
}
