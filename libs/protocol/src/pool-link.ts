export type PoolLinkStatus = 'New' | 'Ready' | 'Taken' | 'Broken';

/** A relay link that is ready before anybody asks for it (step 0 of `pooled`). */
export interface PoolLink {
  readonly relayName: string;
  /** counts from 1: links of one relay's pool have different ones */
  readonly number: number;
  /** how many links the pool is to have */
  readonly size: number;
  readonly link?: string;
  readonly reason?: string;
}

export function poolLinkId(relayName: string, number: number): string {
  return `${relayName}/pool/${number}`;
}
