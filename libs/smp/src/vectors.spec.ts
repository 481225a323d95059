import { fromJson, hex, ok, vectors } from '../test/vectors';
import { decodeAgentEnvelope, encodeAgentEnvelope, type AgentEnvelope } from './messages/agent-envelope';
import { decodeCommand, encodeCommand, type Command } from './commands/command';
import { realCrypto, publicKeyType, type KeyType } from './crypto';
import { Reader, Writer } from './encoding';
import { senderIdOf } from './server/new-queue';
import {
  decodeReceivedMessage,
  encodeReceivedMessage,
  type ReceivedMessage,
} from './messages/received-message';
import { decodeResponse, encodeResponse, type Response } from './commands/response';
import { decodeServerHello, encodeServerHello, type ServerHello } from './transport/server-hello';
import {
  packBlocks,
  unpackBlock,
  type ReceivedTransmission,
  type Transmission,
} from './transport/transmission';

describe('primitives', () => {
  const { int64, receivedMessages, receivedMessagesInvalid, senderIds, keys } =
    vectors('smp/primitives.json');

  test.each(int64 as { value: string; hex: string }[])('Int64 $value', (vector) => {
    expect(new Writer().int64(BigInt(vector.value)).finish().toString('hex')).toBe(vector.hex);
    expect(new Reader(hex(vector.hex)).int64()).toBe(BigInt(vector.value));
  });

  test.each(receivedMessages as { hex: string; message: unknown }[])('received message $hex', (vector) => {
    const message = fromJson(vector.message) as ReceivedMessage;
    expect(encodeReceivedMessage(message).toString('hex')).toBe(vector.hex);
    expect(decodeReceivedMessage(hex(vector.hex))).toEqual(ok(message));
  });

  test.each(receivedMessagesInvalid as string[])('no received message: %s', (bytes) => {
    expect(decodeReceivedMessage(hex(bytes))).toEqual({ ok: false, error: 'CMD SYNTAX' });
  });

  test.each(senderIds as { corrId: string; senderId: string }[])('sender id of $corrId', (vector) => {
    expect(senderIdOf(hex(vector.corrId)).toString('hex')).toBe(vector.senderId);
  });

  test.each(keys as { type: KeyType; seed: string; publicKey: string; source: string }[])(
    '$type key pair of $source',
    (vector) => {
      const { publicKey } = realCrypto.keyPair(vector.type, hex(vector.seed));
      expect(Buffer.from(publicKey).toString('hex')).toBe(vector.publicKey);
      expect(publicKeyType(publicKey)).toBe(vector.type);
    },
  );
});

describe('commands', () => {
  const { valid, lenient, invalid } = vectors('smp/commands.json');

  test.each(valid as { name: string; hex: string; command: unknown }[])('$name', (vector) => {
    const command = fromJson(vector.command) as Command;
    expect(encodeCommand(command).toString('hex')).toBe(vector.hex);
    expect(decodeCommand(hex(vector.hex))).toEqual(ok(command));
  });

  test.each(lenient as { name: string; hex: string; command: unknown }[])('$name', (vector) => {
    expect(decodeCommand(hex(vector.hex))).toEqual(ok(fromJson(vector.command)));
  });

  test.each(invalid as { name: string; hex: string; error: string }[])('$name: $error', (vector) => {
    expect(decodeCommand(hex(vector.hex))).toEqual({ ok: false, error: vector.error });
  });
});

describe('responses', () => {
  const { valid, invalid } = vectors('smp/responses.json');

  test.each(valid as { name: string; hex: string; response: unknown }[])('$name', (vector) => {
    const response = fromJson(vector.response) as Response;
    expect(encodeResponse(response).toString('hex')).toBe(vector.hex);
    expect(decodeResponse(hex(vector.hex))).toEqual(ok(response));
  });

  test.each(invalid as { name: string; hex: string; error: string }[])('$name: $error', (vector) => {
    expect(decodeResponse(hex(vector.hex))).toEqual({ ok: false, error: vector.error });
  });
});

describe('blocks', () => {
  const { valid, invalid } = vectors('smp/blocks.json');

  test.each(valid as { name: string; hex: string; transmissions: { error?: string }[] }[])(
    '$name',
    (vector) => {
      const expected = vector.transmissions.map((item) =>
        item.error ? { ok: false, error: item.error } : ok(received(fromJson(item) as Transmission)),
      );
      expect(unpackBlock(hex(vector.hex))).toEqual(ok(expected));
      if (vector.transmissions.some((item) => item.error)) return;
      const packed = packBlocks(vector.transmissions.map((item) => fromJson(item) as Transmission));
      expect(packed.map((block) => block.toString('hex'))).toEqual([vector.hex]);
    },
  );

  test.each(invalid as { name: string; hex: string }[])('refused whole: $name', (vector) => {
    expect(unpackBlock(hex(vector.hex))).toEqual({ ok: false, error: 'BLOCK' });
  });
});

function received(transmission: Transmission): ReceivedTransmission {
  const { corrId, entityId, body } = transmission;
  const authorized = new Writer().shortString(corrId).shortString(entityId).raw(body).finish();
  return { ...transmission, authorized };
}

describe('the server’s hello', () => {
  const { valid, readOnly, invalid } = vectors('smp/server-hello.json');

  test.each(valid as { name: string; hex: string; hello: unknown }[])('$name', (vector) => {
    const hello = fromJson(vector.hello) as ServerHello;
    expect(encodeServerHello(hello).toString('hex')).toBe(vector.hex);
    expect(decodeServerHello(hex(vector.hex))).toEqual(ok(hello));
  });

  test.each(readOnly as { name: string; hex: string; hello: unknown }[])('$name', (vector) => {
    expect(decodeServerHello(hex(vector.hex))).toEqual(ok(fromJson(vector.hello)));
  });

  test.each(invalid as { name: string; hex: string }[])('refused: $name', (vector) => {
    expect(decodeServerHello(hex(vector.hex))).toEqual({ ok: false, error: 'SESSION' });
  });
});

describe('agent envelopes', () => {
  const { valid, invalid } = vectors('links/agent-envelopes.json');

  test.each(valid as { hex: string; envelope: { kind: string } }[])('$envelope.kind', (vector) => {
    const envelope = fromJson(vector.envelope) as AgentEnvelope;
    expect(encodeAgentEnvelope(envelope).toString('hex')).toBe(vector.hex);
    expect(decodeAgentEnvelope(hex(vector.hex))).toEqual(ok(envelope));
  });

  test.each(invalid as string[])('no envelope: %s', (bytes) => {
    expect(decodeAgentEnvelope(hex(bytes))).toEqual({ ok: false, error: 'A_MESSAGE' });
  });
});
