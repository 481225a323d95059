/** The step of the RFC, such as `7`. */
export const RFC_STEP = 'rfc.step';
/** `full`, `pooled` or `paired`. */
export const RFC_PROTOCOL = 'rfc.protocol';
export const GROUP_ID = 'group.id';
export const RELAY_ID = 'relay.id';
export const STATUS_FROM = 'status.from';
export const STATUS_TO = 'status.to';
export const ATTEMPT = 'attempt';

export const MESSAGING_SYSTEM = 'messaging.system';
export const MESSAGING_OPERATION_NAME = 'messaging.operation.name';
export const MESSAGING_OPERATION_TYPE = 'messaging.operation.type';
/** of low cardinality: the template of a subject, never one with ids */
export const MESSAGING_DESTINATION_NAME = 'messaging.destination.name';
export const MESSAGING_BATCH_MESSAGE_COUNT = 'messaging.batch.message_count';
/** The value of `messaging.system`; not in the semantic conventions' list, which allows others. */
export const NATS = 'nats';
