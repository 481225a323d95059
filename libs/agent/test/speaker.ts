/** For specs: agent envelopes, and whoever says them on a queue. */
import {
  AGENT_VERSIONS,
  type ChainPosition,
  type Crypto,
  encodeAgentEnvelope,
  numberMessage,
  type QueueUri,
  realCrypto,
  sealClientMessage,
  SMP_CLIENT_VERSIONS,
} from '@chat-relays/smp';
import { textId } from '@chat-relays/wire';
import { keyPair } from '../src/sealing/keys';
import type { IncomingMessage } from '../src/smp-port';
import type { Ends } from './peers';

export const version = AGENT_VERSIONS.max;
export const hello = Buffer.from('hello');

/** Where a request or a confirmation says to answer. */
export const reply: QueueUri = {
  server: { hosts: ['smp-peer'], port: '', keyHash: new Uint8Array(0) },
  senderId: Buffer.alloc(24, 7),
  dhKey: Buffer.from(realCrypto.keyPair('x25519', Buffer.alloc(32, 7)).publicKey),
  mode: 'M',
  versions: SMP_CLIENT_VERSIONS,
};
export const peer = { server: 'smp-peer', senderId: textId(reply.senderId), dhKey: reply.dhKey };

/** What is said on a queue, by its sender or somebody else. */
export function speaker(crypto: Crypto, ends: Ends, seed: Uint8Array = ends.sending.seed) {
  const key = keyPair(crypto, seed, 'sender dh');
  const boxKey = crypto.boxKey(key, ends.sending.dhKey)!;
  let nonces = 0;
  return {
    says: (envelope: Uint8Array, withKey: boolean): IncomingMessage => {
      const nonce = Buffer.alloc(24, ++nonces);
      const seal = { boxKey, nonce, ...(withKey && { senderDhKey: key.publicKey }) };
      return ends.message(sealClientMessage(crypto, seal, envelope));
    },
  };
}

export const message = (last: ChainPosition, body: Uint8Array = hello): Uint8Array =>
  encodeAgentEnvelope({ kind: 'message', version, message: numberMessage(last, body).bytes });
export const confirmation = (
  replyQueues: readonly QueueUri[] = [reply],
  connInfo: Uint8Array = hello,
): Uint8Array => encodeAgentEnvelope({ kind: 'confirmation', version, replyQueues, connInfo });
export const invitation = (connInfo: Uint8Array = hello): Uint8Array =>
  encodeAgentEnvelope({
    kind: 'invitation',
    version,
    connection: { mode: 'I', agentVersions: AGENT_VERSIONS, queues: [reply] },
    connInfo,
  });
