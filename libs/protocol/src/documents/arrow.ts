/** One numbered arrow of the RFC's diagrams, as `vectors/rfc-steps.json` has it. */
export interface Arrow {
  readonly diagram: string;
  readonly step: string;
  readonly from: string;
  readonly to: string;
  readonly text: string;
  readonly message?: string;
}
