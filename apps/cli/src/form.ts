import type { Command } from './command';

export interface Form {
  /** the first is the one that help shows */
  readonly names: readonly string[];
  readonly takes: string;
  readonly does: string;
  /** @throws {Mistake} without the command's name, which is put before it */
  readonly read: (rest: string) => Command;
}
