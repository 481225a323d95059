import { encodeEnvelope } from '@chat-relays/wire';
import { refKey, type SagaRecord, servesOwner } from '@chat-relays/protocol';
import { asynchronous } from './async-commands';
import type { Command } from './command';
import { newId } from './identity';
import type { Host, Unit } from './ports';

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
  const relays = (await unit.relaysOf(groupId)).filter(({ status, peer }) => servesOwner(status) && peer);
  const messages = texts.map((text) => {
    const id = newId(host.random(12));
    const body = encodeEnvelope({
      msgId: id.bytes,
      message: { event: 'x.msg.new', params: { content: { type: 'text', text }, asGroup: true } },
    });
    return { id: id.text, body };
  });
  const commands = messages.flatMap(({ id, body }) => relays.map((relay) => sendTo(relay, id, body, host)));
  if (commands.length > 0) {
    await unit.save({ commands });
  }
  return { messageIds: messages.map(({ id }) => id), relays: relays.map(({ id }) => id) };
}

function sendTo(relay: SagaRecord, messageId: string, body: Uint8Array, host: Pick<Host, 'random'>): Command {
  const ask = { step: '16', kind: 'SEND', send: 'x.msg.new' } as const;
  return asynchronous(
    `${refKey(relay)}/${relay.attempt}/16/${messageId}`,
    { body },
    { record: relay, ask, host },
  );
}
