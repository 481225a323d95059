import type { SagaRecord } from '@chat-relays/protocol';
import type { Command } from '../commands/command';
import type { Host, Unit } from '../ports';
import { messageConnections, sendTo } from './posts';

/**
 * What a relay that is new to a group has to know of it: the owner's newest messages, under the ids that they had. A relay
 * that has some of them drops those. New posts come after them, because both lock the group.
 */
export async function historyFor(
  relays: readonly SagaRecord[],
  unit: Pick<Unit, 'load' | 'recentPosts'>,
  host: Pick<Host, 'random'>,
): Promise<Command[]> {
  const commands: Command[] = [];
  for (const relay of relays) {
    const groupId = relay.parent!;
    await unit.load([{ noun: 'group', id: groupId }]);
    const posts = await unit.recentPosts(groupId);
    const connections = await messageConnections([relay], unit);
    commands.push(
      ...connections.flatMap((connection) => posts.map((post) => sendTo(connection, post, host))),
    );
  }
  return commands;
}
