import { encodeEnvelope } from '@chat-relays/wire';
import { refKey, relayConnectionId, type SagaRecord, servesOwner } from '@chat-relays/protocol';
import { asynchronous } from '../commands/async-commands';
import type { Command } from '../commands/command';
import { newId } from '../identity';
import type { NewPost } from './message';
import type { Host, Unit } from '../ports';

export interface Posted {
  /** base64url, in the order of the texts */
  readonly messageIds: string[];
  /** the owner's records of the relays that the messages are on their way to */
  readonly relays: string[];
}

/**
 * Step 16, owner: one SEND per serving relay and message, queued in one commit. When this returns the messages are
 * durable; with no serving relay nothing is queued, and `relays` is empty.
 */
export async function post(
  unit: Unit,
  groupId: string,
  texts: readonly string[],
  host: Pick<Host, 'random'>,
): Promise<Posted> {
  // two posts to one group have an order, and it is the same on every lane
  await unit.load([{ noun: 'group', id: groupId }]);
  const relays = (await unit.relaysOf(groupId)).filter(({ status }) => servesOwner(status));
  const connections = await messageConnections(relays, unit);
  const messages = texts.map((text) => {
    const id = newId(host.random(12));
    const body = encodeEnvelope({
      msgId: id.bytes,
      message: { event: 'x.msg.new', params: { content: { type: 'text', text }, asGroup: true } },
    });
    return { groupId, messageId: id.text, body };
  });
  const commands = messages.flatMap((message) =>
    connections.map((connection) => sendTo(connection, message, host)),
  );
  if (commands.length > 0) await unit.save({ commands, posts: messages });
  return {
    messageIds: messages.map(({ messageId }) => messageId),
    relays: commands.length > 0 ? relays.map(({ id }) => id) : [],
  };
}

/** The connections that messages to these relays go on: the second one, where there are two. */
export async function messageConnections(
  relays: readonly SagaRecord[],
  unit: Pick<Unit, 'load'>,
): Promise<readonly SagaRecord[]> {
  const paired = relays.filter(({ protocol }) => protocol === 'paired');
  const seconds =
    paired.length === 0
      ? []
      : await unit.load(
          paired.map(({ id }) => ({ noun: 'relay_connection', id: relayConnectionId(id) }) as const),
        );
  const firsts = relays.filter(({ protocol }) => protocol !== 'paired');
  return [...firsts, ...seconds].filter(({ peer }) => peer !== undefined);
}

export function sendTo(
  connection: SagaRecord,
  { messageId, body }: NewPost,
  host: Pick<Host, 'random'>,
): Command {
  const ask = { step: '16', kind: 'SEND', send: 'x.msg.new' } as const;
  return asynchronous(
    `${refKey(connection)}/${connection.attempt}/16/${messageId}`,
    { body },
    { record: connection, ask, host },
  );
}
