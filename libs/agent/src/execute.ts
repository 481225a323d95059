import { encodeBatch } from '@chat-relays/wire';
import { commands, type QueueAddress } from '@chat-relays/protocol';
import type { Command, GroupAim, LinkAim, NewAim, Reply } from './command';
import { createContactQueue, createConnectionQueue } from './new-queue';
import { linkFacts, readLink, type Road, setLink } from './link';
import { PermanentError } from './permanent-error';
import { confirm, invite, send } from './send';

/**
 * Carries out one command, however often it is tried: the bytes are the same on every try.
 * @throws {TemporaryError} when it has to be tried again; every final answer is a reply, `ERR {reason}` included
 */
export async function execute(command: Command, road: Road): Promise<Reply> {
  try {
    return { name: commands[command.kind].reply, ...(await carryOut(command, road)) };
  } catch (error) {
    if (error instanceof PermanentError) return { name: 'ERR', facts: { reason: error.message } };
    throw error;
  }
}

/** Content that waits in one lane goes as one message: the receiver deduplicates element by element. */
export async function executeRun(run: readonly Command[], road: Road): Promise<Reply> {
  if (run.length === 1) return execute(run[0], road);
  const body = encodeBatch(run.map((command) => command.body!));
  return execute({ ...run[run.length - 1], body }, road);
}

async function carryOut(command: Command, road: Road): Promise<Omit<Reply, 'name'>> {
  switch (command.kind) {
    case 'NEW': {
      const { queue, entityId } = await createContactQueue(command, command.aim as NewAim, road);
      return { facts: { link: queue.link?.uri, entityId }, queue };
    }
    case 'JOIN': {
      const { target } = await readLink((command.aim as LinkAim).link, road);
      const { queue, uri } = await createConnectionQueue(command, road);
      await invite(target, uri, command.body!, road);
      return { facts: {}, queue };
    }
    case 'ACPT': {
      const { queue, uri } = await createConnectionQueue(command, road);
      await confirm(peerOf(command), uri, command.body!, road);
      return { facts: {}, queue };
    }
    case 'SEND':
      await send(peerOf(command), command.body!, road);
      return { facts: {} };
    case 'LSET':
      return {
        facts: { relayLinks: await setLink(command.aim as GroupAim, command.recordId, road) },
      };
    case 'LGET':
      return { facts: linkFacts((await readLink((command.aim as LinkAim).link, road)).data) };
  }
}

/** A peer that answers without saying where to reply leaves nothing to send to. */
function peerOf({ peer }: Command): QueueAddress {
  if (!peer) throw new PermanentError('the peer gave no queue to send to');
  return peer;
}
