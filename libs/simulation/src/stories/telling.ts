import type { ProtocolName } from '@chat-relays/protocol';

/** A story in domain words: given, when, then. It throws where the world is not as it should be. */
export interface Telling {
  readonly title: string;
  /** protocols in which it happens; all of them where nothing is said */
  readonly only?: readonly ProtocolName[];
  tell(protocol: ProtocolName): Promise<Told>;
}

/** What a story hands back: which rows it fired. */
export interface Told {
  readonly fired: ReadonlyMap<string, number>;
}
