import { EMPTY, pack, writeCommand, writeResponse } from '@chat-relays/smp';
import type { Command, Outgoing, Writer } from '@chat-relays/smp';
import type { NatsConnection } from '@nats-io/transport-node';
import { traceHeaders } from './trace-headers';

/** A command on its way to a server. */
export interface OutgoingCommand {
  readonly corrId: Uint8Array;
  readonly entityId: Uint8Array;
  readonly command: Command;
  readonly trace?: string;
}

function writeHead(
  writer: Writer,
  { corrId, entityId }: { corrId: Uint8Array; entityId: Uint8Array },
): Writer {
  return writer.shortString(EMPTY).shortString(corrId).shortString(entityId);
}

function publish<T extends { readonly trace?: string }>(
  connection: NatsConnection,
  subject: string,
  items: readonly T[],
  write: (writer: Writer, item: T) => void,
  reply?: string,
): void {
  let start = 0;
  for (const block of pack(items, write)) {
    const count = block[0];
    const headers = traceHeaders(items.slice(start, start + count));
    connection.publish(subject, block, { ...(reply && { reply }), ...(headers && { headers }) });
    start += count;
  }
}

/** Publishes in as few blocks as possible, in order; every block has a buffer of its own. */
export function publishCommands(
  connection: NatsConnection,
  subject: string,
  commands: readonly OutgoingCommand[],
  reply: string,
): void {
  publish(
    connection,
    subject,
    commands,
    (writer, item) => writeCommand(writeHead(writer, item), item.command),
    reply,
  );
}

export function publishResponses(
  connection: NatsConnection,
  subject: string,
  responses: readonly Outgoing[],
): void {
  publish(connection, subject, responses, (writer, item) =>
    writeResponse(writeHead(writer, item), item.response),
  );
}
