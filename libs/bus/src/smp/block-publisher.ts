import { EMPTY, pack, writeClientTransmission, writeResponse } from '@chat-relays/smp';
import type { Authorizer, ClientTransmission, Outgoing, Writer } from '@chat-relays/smp';
import type { NatsConnection } from '@nats-io/transport-node';
import { traceHeaders } from './trace-headers';

/** A command on its way to a server. */
export interface OutgoingCommand extends ClientTransmission {
  readonly trace?: string;
}

function publish<T extends { readonly trace?: string }>(
  connection: NatsConnection,
  subject: string,
  items: readonly T[],
  write: (writer: Writer, item: T) => void,
  reply?: string,
): void {
  const traced = items.some(({ trace }) => trace !== undefined);
  let start = 0;
  for (const block of pack(items, write)) {
    const count = block[0];
    const headers = traced ? traceHeaders(items.slice(start, start + count)) : undefined;
    connection.publish(subject, block, { ...(reply && { reply }), ...(headers && { headers }) });
    start += count;
  }
}

/** Publishes in as few blocks as possible, in order; every block has a buffer of its own. */
export function publishCommands(
  connection: NatsConnection,
  subject: string,
  commands: readonly OutgoingCommand[],
  authorizer: Authorizer,
  reply: string,
): void {
  const write = (writer: Writer, item: OutgoingCommand): void =>
    writeClientTransmission(writer, item, authorizer);
  publish(connection, subject, commands, write, reply);
}

export function publishResponses(
  connection: NatsConnection,
  subject: string,
  responses: readonly Outgoing[],
): void {
  publish(connection, subject, responses, (writer, item) =>
    writeResponse(
      writer.shortString(EMPTY).shortString(item.corrId).shortString(item.entityId),
      item.response,
    ),
  );
}
