export type RelayAddressStatus = 'New' | 'Ready' | 'Broken';

/** The address at which owners invite a relay; made once, at the relay's first start. */
export interface RelayAddress {
  readonly relayName: string;
  readonly address?: string;
  readonly reason?: string;
}
