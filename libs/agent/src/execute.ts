import { encodeBatch } from '@chat-relays/wire';
import { commands } from '@chat-relays/protocol';
import type { Command, GroupAim, LinkAim, NewAim, Reply } from './command';
import { createConnectionForLink, createConnectionQueue, prepareConnectionLink } from './new-queue';
import { deleteQueues } from './delete-queues';
import { linkFacts } from './group-link-data';
import { getConnShortLink, type Road, setConnShortLink } from './link';
import { PermanentError } from './permanent-error';
import { confirm, invite, secure, send } from './send';
import type { SendQueue } from './send-queue';

/**
 * Carries out one command, however often it is tried: keys, ids and the queues it makes are the same on every try.
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
    case 'NEW':
      return createLink(command, road);
    case 'TAKE': {
      const ref = { noun: command.noun, id: command.recordId };
      const taken = await road.store.takeLink(ref, command.identity, command.attempt);
      if (!taken) return createLink(command, road);
      return { facts: { link: taken.queue.link!.uri, taken: taken.from }, queue: taken.queue };
    }
    case 'JOIN': {
      const { target } = await getConnShortLink((command.aim as LinkAim).link, road);
      const { queue, uri } = await createConnectionQueue(command, road);
      await invite(target, uri, command.body!, command.seed, road);
      return { facts: {}, queue };
    }
    case 'ACPT': {
      const to = peerOf(command);
      await secure(to, road);
      const { queue, uri } = await createConnectionQueue(command, road);
      await confirm(to, uri, command.body!, road);
      return { facts: {}, queue };
    }
    case 'LET': {
      const to = peerOf(command);
      await secure(to, road);
      await confirm(to, undefined, command.body!, road);
      return { facts: {} };
    }
    case 'SEND':
      return { facts: {}, sent: await send(peerOf(command), command.body!, road) };
    case 'LSET':
      return {
        facts: { relayLinks: await setConnShortLink(command.aim as GroupAim, command.recordId, road) },
      };
    case 'LGET':
      return {
        facts: linkFacts(
          road.host.crypto,
          (await getConnShortLink((command.aim as LinkAim).link, road)).data,
        ),
      };
    case 'DEL':
      return { facts: {}, deleted: await deleteQueues(command, road) };
  }
}

async function createLink(command: Command, road: Road): Promise<Omit<Reply, 'name'>> {
  const { type, ...aim } = command.aim as NewAim;
  const prepared = prepareConnectionLink(command.seed, type, road.server, road.host.crypto);
  const queue = await createConnectionForLink(prepared, command, aim, road);
  return { facts: { link: prepared.uri, entityId: prepared.entityId }, queue };
}

/** A peer that answers without saying where to reply leaves nothing to send to. */
function peerOf({ to }: Command): SendQueue {
  if (!to) throw new PermanentError('the peer gave no queue to send to');
  return to;
}
