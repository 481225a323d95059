export {
  AGENT_VERSIONS,
  SMP_CLIENT_VERSIONS,
  type ConnectionRequest,
  type QueueAddress,
  type QueueUri,
  type ServerAddress,
  type VersionRange,
} from './links/address';
export { decodeAgentEnvelope, encodeAgentEnvelope, type AgentEnvelope } from './messages/agent-envelope';
export { Batch, type Outgoing } from './server/batch';
export {
  COMMAND_KINDS,
  commandKind,
  decodeCommand,
  encodeCommand,
  writeCommand,
  type Command,
  type CommandKind,
  type CommandOf,
  type LinkParts,
  type NewQueue,
  type QueueMode,
  type QueueRequest,
} from './commands/command';
export {
  publicKeyOf,
  realCrypto,
  sha256,
  sha3of256,
  type Crypto,
  type KeyPair,
  type KeyType,
  type PrivateKey,
} from './crypto';
export { asBuffer, bytesKey, EMPTY, keyBytes, Reader, sameBytes, Writer, type Decoded } from './encoding';
export type { LinkRecord } from './server/link';
export {
  contactFixedData,
  contactLinkKeys,
  decodeContactLinkData,
  decodeFixedLinkData,
  encodeContactLinkData,
  encodeFixedLinkData,
  linkKeyOf,
  readLinkData,
  type ContactLinkData,
  type FixedLinkData,
  type LinkData,
  type LinkOwner,
} from './links/link-data';
export { senderIdOf } from './server/new-queue';
export { DEFAULT_QUOTA, MAX_SEND_BYTES, type StoredMessage } from './server/queue';
export {
  decodeReceivedMessage,
  encodeReceivedMessage,
  type ReceivedMessage,
} from './messages/received-message';
export {
  decodeResponse,
  encodeResponse,
  errorResponse,
  isSmpError,
  writeResponse,
  type QueueIds,
  type Response,
  type ResponseKind,
  type ResponseOf,
} from './commands/response';
export { ServerCore } from './server/server';
export {
  isEmpty,
  type Changes,
  type MessageRecord,
  type QueueRecord,
  type ServerEnv,
  type Snapshot,
} from './server/server-state';
export { formatShortLink, parseShortLink, type ContactType, type ShortLink } from './links/short-link';
export {
  MAX_BLOCK_BYTES,
  MAX_BLOCK_TRANSMISSIONS,
  MAX_TRANSMISSION_BYTES,
  pack,
  packBlocks,
  readTransmission,
  unpackBlock,
  writeTransmission,
  type Transmission,
} from './transport/transmission';
