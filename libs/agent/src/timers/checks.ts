import { dialogueOf, type Noun, protocolNames, protocols } from '@chat-relays/protocol';
import type { Handler } from '../handling/handle';
import type { Input } from '../handling/input';
import type { Store } from '../ports';

/** Records of one commit. */
const AT_ONCE = 200;

/**
 * What is looked at again from time to time, because nobody may have told that it changed: a relay looks whether the group
 * link lists it (removal, scenario 2), a member which relays there are (restore, step 3). Which records, the rows say.
 */
export class Checks {
  constructor(
    private readonly store: Store,
    private readonly handler: Handler,
    /** of the relay; agents of owners and members host many identities */
    private readonly identity: string | undefined,
  ) {}

  /** One round over all records. */
  async run(): Promise<void> {
    for (const noun of nouns) {
      const due = (await this.store.recordsIn(noun, startsFrom(noun), this.identity)).map(
        ({ identity, protocol, ...ref }): Input => ({
          ...{ ref, identity, protocol },
          event: { name: EVENT, facts: {} },
        }),
      );
      for (let at = 0; at < due.length; at += AT_ONCE) await this.handler.handle(due.slice(at, at + AT_ONCE));
    }
  }
}

const EVENT = 'check.due';

const nouns: readonly Noun[] = [
  ...new Set(
    Object.values(protocols)
      .flat()
      .filter(({ rows }) => rows.some(({ on }) => on === EVENT))
      .map(({ noun }) => noun),
  ),
];

function startsFrom(noun: Noun): string[] {
  const rows = protocolNames.flatMap((protocol) => dialogueOf(protocol, noun).rows);
  return [...new Set(rows.filter(({ on }) => on === EVENT).flatMap(({ from }) => from))];
}
