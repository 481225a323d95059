import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { protocols, type ProtocolName } from '@chat-relays/protocol';
import type { Moment } from '../faults/faults';
import { type FaultKind, kindsOfFault, type Plan } from './plan';

export interface Arguments extends Omit<Plan, 'protocol'> {
  /** of each protocol */
  readonly runs: number;
  readonly seed: number;
  readonly protocols: readonly ProtocolName[];
  readonly workers: number;
}

/** What is wrong with the command line, and where, in one sentence. */
export class ArgumentError extends Error {
  override readonly name = 'ArgumentError';
}

const options = {
  runs: { type: 'string' },
  seed: { type: 'string' },
  protocol: { type: 'string' },
  groups: { type: 'string' },
  relays: { type: 'string' },
  members: { type: 'string' },
  messages: { type: 'string' },
  crash: { type: 'string' },
  without: { type: 'string' },
  workers: { type: 'string' },
} as const;

/** @throws {ArgumentError} */
export function argumentsOf(args: readonly string[], seed: number): Arguments {
  const given = parse(args);
  const all = Object.keys(protocols) as ProtocolName[];
  const { protocol } = given;
  if (protocol !== undefined && !isProtocol(protocol)) {
    throw new ArgumentError(`--protocol ${protocol}: there is no such protocol, there is ${all.join(', ')}.`);
  }
  const size = {
    ...(given.groups !== undefined && { groups: whole('groups', given.groups, 1, 2) }),
    ...(given.relays !== undefined && { relays: whole('relays', given.relays, 1, 20) }),
    ...(given.members !== undefined && { members: whole('members', given.members, 0, 100) }),
    ...(given.messages !== undefined && { messages: whole('messages', given.messages, 0, 100) }),
  };
  return {
    runs: whole('runs', given.runs ?? '2000', 1, 100_000_000),
    seed: given.seed === undefined ? seed : whole('seed', given.seed, 0, 0x7fffffff),
    protocols: protocol === undefined ? all : [protocol],
    workers: given.workers === undefined ? availableParallelism() : whole('workers', given.workers, 1, 256),
    size,
    without: given.without === undefined ? [] : given.without.split(',').map(faultKindOf),
    ...(given.crash !== undefined && { crashes: given.crash.split(',').map(momentOf) }),
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

function faultKindOf(name: string): FaultKind {
  const kind = kindsOfFault.find((known) => known === name);
  if (kind) return kind;
  throw new ArgumentError(
    `--without ${name}: there is no such fault, there are ${kindsOfFault.join(', ')}, with commas between.`,
  );
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
      `--crash ${text}: a failpoint, a colon and a count from 1 are needed, as in owner.8.LSET.after-execute:1, with commas between several.`,
    );
  return { point: match[1], hit: Number(match[2]) };
}
