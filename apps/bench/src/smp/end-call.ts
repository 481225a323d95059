/** One method of an end, called over IPC. */
export interface EndCall {
  readonly id: number;
  readonly method: string;
  readonly args: readonly unknown[];
}

export type EndReply =
  { readonly id: number; readonly value: unknown } | { readonly id: number; readonly error: string };
