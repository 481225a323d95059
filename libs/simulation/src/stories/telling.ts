/** A story in domain words: given, when, then. It throws where the world is not as it should be. */
export interface Telling {
  readonly title: string;
  tell(): Promise<Told>;
}

/** What a story hands back: which rows it fired. */
export interface Told {
  readonly fired: ReadonlyMap<string, number>;
}
