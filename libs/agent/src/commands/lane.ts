import { fitBatch } from '@chat-relays/wire';
import type { Command } from './command';

/** Commands by their lanes, both in order. */
export function byLane(commands: readonly Command[]): Command[][] {
  const lanes = new Map<string, Command[]>();
  for (const command of commands) {
    const lane = lanes.get(command.lane);
    if (lane) lane.push(command);
    else lanes.set(command.lane, [command]);
  }
  return [...lanes.values()];
}

/** What it was to connect, to learn or to answer is of no use any more: a deletion waits behind it. */
export function isMoot(lane: readonly Command[], at: number): boolean {
  const { kind } = lane[at];
  const asks = kind === 'JOIN' || kind === 'LGET' || kind === 'ACPT' || kind === 'HIST';
  return asks && lane.slice(at + 1).some((later) => later.kind === 'DEL');
}

/** The next command, or as many messages to the same peer as fit one batch. */
export function runFrom(lane: readonly Command[], at: number): readonly Command[] {
  if (lane[at].send !== 'x.msg.new') return [lane[at]];
  const end = lane.findIndex((command, index) => index >= at && command.send !== 'x.msg.new');
  const contents = lane.slice(at, end < 0 ? lane.length : end);
  const { count } = fitBatch(contents.map(({ body }) => body!));
  return contents.slice(0, Math.max(1, count));
}
