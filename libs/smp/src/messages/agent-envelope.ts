/** What agents say to each other (agent envelopes 2-7; here without a ratchet); SEND carries it sealed. */
import {
  readConnectionRequest,
  readQueueInfo,
  writeConnectionRequest,
  writeQueueInfo,
  type ConnectionRequest,
  type QueueAddress,
} from '../links/address';
import { decoded, Reader, refused, Writer, type Decoded } from '../encoding';

export type AgentEnvelope =
  /** to a contact queue: the joiner's queue and its connInfo */
  | {
      readonly kind: 'invitation';
      readonly version: number;
      readonly connection: ConnectionRequest;
      readonly connInfo: Uint8Array;
    }
  /** the first message on a queue: connInfo, and from whoever accepts also the queues to reply to */
  | {
      readonly kind: 'confirmation';
      readonly version: number;
      readonly replyQueues: readonly QueueAddress[];
      readonly connInfo: Uint8Array;
    }
  | { readonly kind: 'message'; readonly version: number; readonly message: Uint8Array };

export function encodeAgentEnvelope(envelope: AgentEnvelope): Buffer {
  const writer = new Writer(1024).word16(envelope.version);
  switch (envelope.kind) {
    case 'invitation': {
      const connection = new Writer();
      writeConnectionRequest(connection, envelope.connection);
      writer.ascii('I').large(connection.finish()).raw(envelope.connInfo);
      break;
    }
    case 'confirmation':
      // '0': no ratchet parameters
      writer.ascii('C0');
      if (envelope.replyQueues.length > 0) {
        writer.ascii('D').list(envelope.replyQueues, (queue) => writeQueueInfo(writer, queue));
      } else {
        writer.ascii('I');
      }
      writer.raw(envelope.connInfo);
      break;
    case 'message':
      writer.ascii('M').raw(envelope.message);
      break;
  }
  return writer.finish();
}

function readInvitation(reader: Reader, version: number): AgentEnvelope {
  const inner = new Reader(reader.large());
  const connection = readConnectionRequest(inner);
  if (inner.failed) reader.fail();
  return { kind: 'invitation', version, connection, connInfo: reader.tail() };
}

function readConfirmation(reader: Reader, version: number): AgentEnvelope {
  reader.expect('0');
  const code = reader.char();
  if (code !== 'D' && code !== 'I') reader.fail();
  const replyQueues = code === 'D' ? reader.list(() => readQueueInfo(reader)) : [];
  if (code === 'D' && replyQueues.length === 0) reader.fail();
  return { kind: 'confirmation', version, replyQueues, connInfo: reader.tail() };
}

/** Refuses with `A_MESSAGE`. Bodies are not copied. */
export function decodeAgentEnvelope(bytes: Uint8Array): Decoded<AgentEnvelope> {
  const reader = new Reader(bytes);
  const version = reader.word16();
  const code = reader.char();
  let envelope: AgentEnvelope;
  if (code === 'I') envelope = readInvitation(reader, version);
  else if (code === 'C') envelope = readConfirmation(reader, version);
  else if (code === 'M') envelope = { kind: 'message', version, message: reader.tail() };
  else return refused('A_MESSAGE');
  return reader.failed ? refused('A_MESSAGE') : decoded(envelope);
}
