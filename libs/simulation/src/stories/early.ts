import type { PeerQueue } from '@chat-relays/agent';
import type { SagaRecord } from '@chat-relays/protocol';
import type { Channel } from '../channel';

/**
 * This agent subscribes a queue in the commit that handles the reply to the command that made it, so a peer's message
 * cannot outrun that reply. One that subscribes at once (as upstream does) sees it; the tables are for both, so stories
 * hand the message over early.
 */
export async function early(
  channel: Channel,
  record: SagaRecord,
  event: string,
  facts: object,
  peer?: PeerQueue,
): Promise<void> {
  const { noun, id, identity, protocol } = record;
  const owners = noun === 'group_relay' || noun === 'relay_connection';
  const { agent } = channel.process(owners ? 'owner' : identity);
  await agent.tellAll([{ ref: { noun, id }, identity, protocol, event: { name: event, facts }, peer }]);
}
