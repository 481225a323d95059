import { parseArgs } from 'node:util';
import { protocols, type ProtocolName } from '@chat-relays/protocol';
import type { Moment } from './faults';
import type { Size } from './plan';

export interface Arguments {
  readonly runs: number;
  readonly seed: number;
  readonly protocol: ProtocolName;
  readonly size: Size;
  readonly crash?: Moment;
}

/** What is wrong with the command line, and where, in one sentence. */
export class ArgumentError extends Error {
  override readonly name = 'ArgumentError';
}

const options = {
  runs: { type: 'string' },
  seed: { type: 'string' },
  protocol: { type: 'string' },
  relays: { type: 'string' },
  members: { type: 'string' },
  messages: { type: 'string' },
  crash: { type: 'string' },
} as const;

/** @throws {ArgumentError} */
export function argumentsOf(args: readonly string[], seed: number): Arguments {
  const given = parse(args);
  const protocol = given.protocol ?? 'full';
  if (!isProtocol(protocol)) {
    throw new ArgumentError(
      `--protocol ${protocol}: there is no such protocol, there is ${Object.keys(protocols).join(', ')}.`,
    );
  }
  const size = {
    ...(given.relays !== undefined && { relays: whole('relays', given.relays, 1, 20) }),
    ...(given.members !== undefined && { members: whole('members', given.members, 0, 100) }),
    ...(given.messages !== undefined && { messages: whole('messages', given.messages, 0, 100) }),
  };
  return {
    runs: whole('runs', given.runs ?? '2000', 1, 100_000_000),
    seed: given.seed === undefined ? seed : whole('seed', given.seed, 0, 0x7fffffff),
    protocol,
    size,
    ...(given.crash !== undefined && { crash: momentOf(given.crash) }),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    const [sentence] = (error as Error).message.split('. ');
    throw new ArgumentError(
      `${sentence.replace(/\.$/, '')}; there are --${Object.keys(options).join(', --')}.`,
    );
  }
}

function isProtocol(name: string): name is ProtocolName {
  return Object.hasOwn(protocols, name);
}

function whole(name: string, text: string, least: number, most: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (value >= least && value <= most) return value;
  throw new ArgumentError(`--${name} ${text}: a whole number from ${least} to ${most} is needed.`);
}

function momentOf(text: string): Moment {
  const match = /^(\S+):(\d+)$/.exec(text);
  if (!match || Number(match[2]) < 1)
    throw new ArgumentError(
      `--crash ${text}: a failpoint, a colon and a count from 1 are needed, as in owner.8.LSET.after-execute:1.`,
    );
  return { point: match[1], hit: Number(match[2]) };
}
