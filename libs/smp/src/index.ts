export {
  AGENT_VERSIONS,
  SMP_CLIENT_VERSIONS,
  type ConnectionRequest,
  type QueueAddress,
  type QueueUri,
  type ServerAddress,
  type VersionRange,
} from './address';
export { decodeAgentEnvelope, encodeAgentEnvelope, type AgentEnvelope } from './agent-envelope';
export { Batch, type Outgoing } from './batch';
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
} from './command';
export { keyPairFromSeed, sha256, sha3of256, type KeyPair, type KeyType } from './crypto';
export { asBuffer, bytesKey, EMPTY, keyBytes, Reader, sameBytes, Writer, type Decoded } from './encoding';
export type { LinkRecord } from './link';
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
} from './link-data';
export { senderIdOf } from './new-queue';
export { DEFAULT_QUOTA, MAX_SEND_BYTES, type StoredMessage } from './queue';
export { decodeReceivedMessage, encodeReceivedMessage, type ReceivedMessage } from './received-message';
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
} from './response';
export { ServerCore } from './server';
export {
  isEmpty,
  type Changes,
  type MessageRecord,
  type QueueRecord,
  type ServerEnv,
  type Snapshot,
} from './server-state';
export { formatShortLink, parseShortLink, type ContactType, type ShortLink } from './short-link';
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
} from './transmission';
