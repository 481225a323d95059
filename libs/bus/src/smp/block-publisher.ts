import {
  authorizationBytes,
  EMPTY,
  pack,
  writeAuthorized,
  writeCommand,
  writeResponse,
} from '@chat-relays/smp';
import type { Authorizer, Command, Outgoing, PrivateKey, Writer } from '@chat-relays/smp';
import type { NatsConnection } from '@nats-io/transport-node';
import { traceHeaders } from './trace-headers';

/** A command on its way to a server. */
export interface OutgoingCommand {
  readonly corrId: Uint8Array;
  readonly entityId: Uint8Array;
  readonly command: Command;
  /** what authorizes it; none for SEND to a queue that is not secured, LGET and PING */
  readonly key?: PrivateKey;
  readonly trace?: string;
}

interface Entity {
  readonly corrId: Uint8Array;
  readonly entityId: Uint8Array;
}

function writeEntity(writer: Writer, { corrId, entityId }: Entity): Writer {
  return writer.shortString(corrId).shortString(entityId);
}

function writeOutgoingCommand(writer: Writer, item: OutgoingCommand, authorizer: Authorizer): void {
  const { corrId, command, key } = item;
  const write = (to: Writer): void => writeCommand(writeEntity(to, item), command);
  if (!key) return write(writer.shortString(EMPTY));
  writeAuthorized(writer, authorizationBytes(key), write, (authorized) =>
    authorizer.authorize(key, corrId, authorized),
  );
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
  authorizer: Authorizer,
  reply: string,
): void {
  const write = (writer: Writer, item: OutgoingCommand): void =>
    writeOutgoingCommand(writer, item, authorizer);
  publish(connection, subject, commands, write, reply);
}

export function publishResponses(
  connection: NatsConnection,
  subject: string,
  responses: readonly Outgoing[],
): void {
  publish(connection, subject, responses, (writer, item) =>
    writeResponse(writeEntity(writer.shortString(EMPTY), item), item.response),
  );
}
