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
export {
  CHAIN_START,
  integrityOf,
  numberMessage,
  readAgentMessage,
  type AgentMessage,
  type ChainPosition,
  type Integrity,
} from './messages/agent-message';
export {
  openClientMessage,
  PADDED_CLIENT_MESSAGE_BYTES,
  readClientMessage,
  sealClientMessage,
  type SealedClientMessage,
} from './messages/client-message';
export { Batch } from './server/batch';
export type { Outgoing } from './server/outbox';
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
  hkdfSha512,
  NONCE_BYTES,
  publicKeyOf,
  publicKeyType,
  rawPublicKey,
  realCrypto,
  sha256,
  sha3of256,
  type Crypto,
  type KeyPair,
  type KeyType,
  type PrivateKey,
} from './crypto';
export {
  asBuffer,
  bytesKey,
  EMPTY,
  keyBytes,
  Reader,
  sameBytes,
  writeCount64,
  Writer,
  type Decoded,
} from './encoding';
export { formatConnectionUri, parseConnectionUri } from './links/connection-uri';
export { openContactLink, openInvitationLink, type ReadLink } from './links/link-check';
export {
  decodeContactLinkData,
  decodeFixedLinkData,
  decodeInvitationLinkData,
  encodeContactLinkData,
  encodeFixedLinkData,
  encodeInvitationLinkData,
  type ContactLinkData,
  type FixedLinkData,
  type InvitationData,
  type InvitationLinkData,
  type LinkData,
} from './links/link-data';
export { contactLinkKeys, invitationLinkKey, linkKeyOf, type ContactLinkKeys } from './links/link-keys';
export { authoriseOwner, type LinkCredentials, type OwnerAuth } from './links/link-owners';
export { MAX_LINK_DATA_BYTES, SEALED_LINK_BYTES } from './links/link-seal';
export {
  invitationLinkOf,
  prepareContactLink,
  prepareInvitation,
  sealContactLinkData,
  sealInvitationLinkData,
  type LinkPreparation,
  type PreparedContactLink,
  type PreparedInvitation,
  type PreparedLink,
} from './links/prepared-link';
export { restorePreset, shortenPreset } from './links/preset-servers';
export { formatQueueUri, parseQueueUri } from './links/queue-uri';
export { pad, unpad } from './padding';
export { senderIdOf } from './server/new-queue';
export { DEFAULT_QUOTA, MAX_SEND_BYTES } from './server/queue';
export type { LinkRecord, QueueRecord, QueueState, QueueStatus, StoredMessage } from './server/queue-state';
export {
  decodeReceivedMessage,
  encodeReceivedMessage,
  MessageSealer,
  openReceivedMessage,
  type ReceivedMessage,
} from './messages/received-message';
export { Authorizer, writeClientTransmission, type ClientTransmission } from './transport/authorization';
export {
  decodeServerHello,
  encodeServerHello,
  SESSION_ID_BYTES,
  SMP_VERSIONS,
  type ServerHello,
} from './transport/server-hello';
export { ServerSession } from './transport/server-session';
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
  type ServerEnv,
  type Snapshot,
} from './server/server-state';
export type { Tally } from './server/tally';
export {
  formatShortLink,
  parseShortLink,
  type ContactShortLink,
  type ContactType,
  type InvitationShortLink,
  type LinkForm,
  type ShortLink,
} from './links/short-link';
export {
  MAX_BLOCK_BYTES,
  MAX_BLOCK_TRANSMISSIONS,
  MAX_TRANSMISSION_BYTES,
  pack,
  packBlocks,
  readTransmission,
  unpackBlock,
  writeTransmission,
  type ReceivedTransmission,
  type Transmission,
} from './transport/transmission';
