import type { IncomingCommand } from '@chat-relays/bus';
import type { Outgoing } from '@chat-relays/smp';
import type { Fate } from './fault-plan';

/** A command, and what is to happen to it. */
export interface FatedCommand extends IncomingCommand {
  readonly fate?: Fate;
}

type Answers = ReadonlyMap<string, readonly Outgoing[]>;

/**
 * The answers without those to commands whose replies are dropped.
 * @param silenced their corrIds, the very objects: an answer has the object that came with its command, and a push, or
 * the answer to another command with the same bytes, has not
 */
export function withoutReplies(answers: Answers, silenced: ReadonlySet<Uint8Array>): Answers {
  if (silenced.size === 0) return answers;
  return new Map(
    [...answers].map(([session, outgoing]) => [
      session,
      outgoing.filter(({ corrId }) => !silenced.has(corrId)),
    ]),
  );
}
