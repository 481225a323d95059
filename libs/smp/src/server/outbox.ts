import type { CommandKind } from '../commands/command';
import type { Response } from '../commands/response';
import { EMPTY } from '../encoding';
import type { ServerSession } from '../transport/server-session';
import type { Push } from './queue-state';

/** What the server says: to a command (its corrId), or unasked (empty corrId). */
export interface Outgoing {
  readonly corrId: Uint8Array;
  readonly entityId: Uint8Array;
  readonly response: Response;
  /** the command that this answers; none for a push and for bytes that are no command */
  readonly answers?: CommandKind;
  /** traceparent: of the message that goes out with it, else of the command */
  readonly trace?: string;
  /** of an ACK: how long the message was on its way, in seconds */
  readonly ackSeconds?: number;
}

/** What is needed to answer a transmission. It is kept until the batch is stored, the rest of a transmission is not. */
export interface Origin {
  readonly session: ServerSession;
  readonly corrId: Uint8Array;
  readonly entityId: Uint8Array;
  readonly answers?: CommandKind;
  readonly trace?: string;
}

const NOTHING_MORE = {};

/** What goes to each session, by its name, in order. */
export class Outbox {
  readonly bySession = new Map<string, Outgoing[]>();

  respond(
    origin: Origin,
    response: Response,
    more: Pick<Outgoing, 'trace' | 'ackSeconds'> = NOTHING_MORE,
  ): void {
    const { corrId, entityId, answers } = origin;
    const { trace = origin.trace, ackSeconds } = more;
    this.emit(origin.session.name, { corrId, entityId, response, answers, trace, ackSeconds });
  }

  /** For a transmission of which no entity can be named. */
  reject({ session, corrId }: Origin, response: Response): void {
    this.emit(session.name, pushed(corrId, EMPTY, response, undefined));
  }

  push(recipientId: Uint8Array, pushes: readonly Push[]): void {
    for (const { session, response, trace } of pushes) {
      this.emit(session, pushed(EMPTY, recipientId, response, trace));
    }
  }

  clear(): void {
    this.bySession.clear();
  }

  private emit(session: string, outgoing: Outgoing): void {
    if (!this.bySession.get(session)?.push(outgoing)) this.bySession.set(session, [outgoing]);
  }
}

/** All of one shape: there is one for each message. */
function pushed(
  corrId: Uint8Array,
  entityId: Uint8Array,
  response: Response,
  trace: string | undefined,
): Outgoing {
  return { corrId, entityId, response, answers: undefined, trace, ackSeconds: undefined };
}
