import { type Contract, type NatsConnection, request } from '@chat-relays/bus';
import type { EventEmitter } from 'node:events';
import type { z } from 'zod';
import type { Arguments } from './arguments';
import { Mistake } from './command';

/** What a command came to: the reply of the service, and the words for it. */
export interface Answer {
  /** undefined where everything was told as it happened */
  readonly reply: unknown;
  readonly lines: readonly string[];
  /** false when what was waited for ended otherwise */
  readonly ok?: boolean;
}

/** One person at the control plane. */
export class Session {
  constructor(
    readonly bus: NatsConnection,
    readonly args: Omit<Arguments, 'line'>,
    /** what happens while a command waits; a fact of it, where there is one, is shown instead with --json */
    readonly say: (line: string, fact?: unknown) => void,
    /** emits SIGINT when the person has had enough */
    readonly interrupts: EventEmitter = process,
  ) {}

  get owner(): string {
    return this.args.owner;
  }

  get member(): string {
    return this.args.member;
  }

  /** @throws {Mistake} for what no service would take, {RequestFailed} for what this one did not */
  async ask<C extends Contract>(
    contract: C,
    payload: z.input<C['request']>,
    scope?: string,
  ): Promise<z.output<C['reply']>> {
    const checked = contract.request.safeParse(payload);
    if (!checked.success) throw new Mistake(`${sentence(checked.error.issues[0].message)}.`);
    if (scope !== undefined && contract.service === 'relay-agent' && !/^[\w-]{1,64}$/.test(scope))
      throw new Mistake('The name of a relay is expected: 1 to 64 letters (a to z), digits, - or _.');
    return request(this.bus, contract, payload, { scope });
  }
}

function sentence(message: string): string {
  return message.charAt(0).toUpperCase() + message.slice(1);
}
