import type { EventEmitter } from 'node:events';
import { BusUnreachable, connectBus, type NatsConnection, RequestFailed } from '@chat-relays/bus';
import { answer, help } from './answer';
import { type Arguments, readArguments } from './arguments';
import { Mistake } from './command';
import { chatConfig } from './config';
import { parseCommand } from './forms';
import { Session } from './session';

export const exitCodes = { done: 0, refused: 1, mistaken: 2 } as const;

/** Carries out command lines over one connection, which is made when the first is asked for. */
export class Chat {
  private bus: NatsConnection | undefined;

  /** Writes the answer, or the one sentence that says why there is none; answers the exit code. */
  async carryOut(argv: readonly string[], before?: Arguments, interrupts?: EventEmitter): Promise<number> {
    try {
      const { line, ...args } = readArguments(argv, before);
      const command = parseCommand(line);
      if (command.kind === 'help') return show(help.lines);
      const say = (text: string, fact?: unknown): void => {
        if (!args.json) show([text]);
        else if (fact !== undefined) show([JSON.stringify(fact)]);
      };
      const {
        reply,
        lines,
        ok = true,
      } = await answer(command, new Session(await this.connection(), args, say, interrupts));
      if (!args.json) show(lines);
      else if (reply !== undefined) show([JSON.stringify(reply)]);
      return ok ? exitCodes.done : exitCodes.refused;
    } catch (error) {
      const known =
        error instanceof Mistake || error instanceof RequestFailed || error instanceof BusUnreachable;
      if (!known) throw error;
      process.stderr.write(`${error.message}\n`);
      return error instanceof Mistake ? exitCodes.mistaken : exitCodes.refused;
    }
  }

  async close(): Promise<void> {
    await this.bus?.close();
  }

  private async connection(): Promise<NatsConnection> {
    if (this.bus) return this.bus;
    const config = chatConfig();
    if ('problem' in config) throw new BusUnreachable(config.problem);
    return (this.bus = await connectBus({ servers: config.natsUrl, name: 'chat', timeoutMs: 3_000 }));
  }
}

function show(lines: readonly string[]): number {
  process.stdout.write(lines.map((line) => `${line}\n`).join(''));
  return exitCodes.done;
}
