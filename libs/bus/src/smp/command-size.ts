import type { Command } from '@chat-relays/smp';

/** No command that could be framed is longer; a longer one is refused as the server would refuse it. */
const MAX_COMMAND_BYTES = 60_000;

export function isTooLong(command: Command): boolean {
  return sizeOf(command) > MAX_COMMAND_BYTES;
}

function sizeOf(command: Command): number {
  if (command.kind === 'SEND') return command.body.length;
  const parts = command.kind === 'NEW' ? command.queue?.link : command.kind === 'LSET' ? command : undefined;
  return parts ? parts.fixedData.length + parts.userData.length : 0;
}
