import type { ConnectionPurpose } from '../member-connection';

/** The RFC's three protocols, in the order of its diagrams. */
export const protocolNames = ['full', 'pooled', 'paired'] as const;

export type ProtocolName = (typeof protocolNames)[number];

export function isProtocol(name: string): name is ProtocolName {
  return (protocolNames as readonly string[]).includes(name);
}

/** The connections that a member has with each relay. */
export function connectionsOf(protocol: string): readonly ConnectionPurpose[] {
  return protocol === 'paired' ? ['messages', 'priority'] : ['messages'];
}
