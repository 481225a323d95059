import type { IncomingCommand } from '@chat-relays/bus';
import { bytesKey, commandKind, type Outgoing } from '@chat-relays/smp';
import { type CommandSpan, commandSpan } from '@chat-relays/telemetry';

/** One span for each traced command of a batch, from its arrival to its answer; none for the others. */
export class CommandSpans {
  private readonly open = new Map<string, CommandSpan>();

  /** @returns the traceparent that the command's message goes on with */
  start({ session, transmission, trace }: IncomingCommand): string | undefined {
    if (trace === undefined) return undefined;
    const span = commandSpan(commandKind(transmission.body) ?? 'unknown', trace);
    this.open.set(session.name + bytesKey(transmission.corrId), span);
    return span.traceparent;
  }

  end(answers: ReadonlyMap<string, readonly Outgoing[]>): void {
    if (this.open.size === 0) return;
    for (const [session, outgoing] of answers) {
      for (const { corrId, response } of outgoing) {
        if (corrId.length === 0) continue;
        const error = response.kind === 'ERR' ? `ERR ${response.error}` : undefined;
        this.open.get(session + bytesKey(corrId))?.end(error);
      }
    }
  }
}
