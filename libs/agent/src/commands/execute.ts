import type { QueueUri } from '@chat-relays/smp';
import { encodeBatch } from '@chat-relays/wire';
import { commands } from '@chat-relays/protocol';
import { cleanUp } from './clean-up';
import type { Command, GroupAim, LinkAim, NewAim, Reply } from './command';
import { createConnectionForLink, createConnectionQueue, prepareConnectionLink } from './new-queue';
import { deleteQueue, deleteQueues } from './delete-queues';
import { linkFacts } from './group-link-data';
import { getConnShortLink, type Road, setConnShortLink } from './link';
import { PermanentError } from './permanent-error';
import { sendHistory } from './send-history';
import { confirm, invite, secure, send } from './send';
import type { SendQueue } from '../sealing/send-queue';

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

/**
 * Instead of carrying out a command that a deletion waits behind: whoever it goes to may never take it. A queue that it
 * made on an earlier try is deleted, for the record does not know of it.
 * @throws {TemporaryError} when it has to be tried again
 */
export async function giveUp(command: Command, road: Road): Promise<Reply> {
  if (command.kind === 'JOIN' || command.kind === 'ACPT')
    await forget(() => createConnectionQueue(command, road), road);
  return { name: 'ERR', facts: { reason: 'given up: its queues are to be deleted' } };
}

async function carryOut(command: Command, road: Road): Promise<Omit<Reply, 'name'>> {
  switch (command.kind) {
    case 'NEW':
      return createLink(command, road);
    case 'TAKE': {
      const ref = { noun: command.noun, id: command.recordId };
      const taken = await road.store.takeLink(ref, command.identity, command.attempt);
      if (!taken) throw new PermanentError('no link is ready');
      return { facts: { link: taken.queue.link!.uri, taken: taken.from }, queue: taken.queue };
    }
    case 'JOIN':
      return connecting(command, road, async (replyQueue) => {
        const { target } = await getConnShortLink((command.aim as LinkAim).link, road);
        await invite(target, await replyQueue(), command.body!, command.seed, road);
      });
    case 'ACPT': {
      const to = peerOf(command);
      return connecting(command, road, async (replyQueue) => {
        await secure(to, road);
        await confirm(to, await replyQueue(), command.body!, road);
      });
    }
    case 'LET': {
      const to = peerOf(command);
      await secure(to, road);
      await confirm(to, undefined, command.body!, road);
      return { facts: {} };
    }
    case 'SEND':
      return { facts: {}, sent: await send(peerOf(command), command.body!, road) };
    case 'HIST':
      return sendHistory(command, road);
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
    case 'CLEAN':
      return cleanUp(command, road);
    case 'DEL':
      return { facts: {}, deleted: await deleteQueues(command, road) };
  }
}

/** Says something with a queue to reply to. When that is refused for good, the queue is deleted: nobody knows of it. */
async function connecting(
  command: Command,
  road: Road,
  say: (replyQueue: () => Promise<QueueUri>) => Promise<void>,
): Promise<Omit<Reply, 'name'>> {
  let made: ReturnType<typeof createConnectionQueue> | undefined;
  const make = () => (made ??= createConnectionQueue(command, road));
  try {
    await say(async () => (await make()).uri);
    return { facts: {}, queue: (await make()).queue };
  } catch (error) {
    if (error instanceof PermanentError) await forget(make, road);
    throw error;
  }
}

/** An earlier try may have made it, and died or lost the answer: the same NEW again tells which queue that was. */
async function forget(make: () => ReturnType<typeof createConnectionQueue>, road: Road): Promise<void> {
  const left = await make().catch(unlessTemporary);
  if (left) await deleteQueue(left.queue, road);
}

/** It cannot be made either. */
function unlessTemporary(error: Error): undefined {
  if (error instanceof PermanentError) return undefined;
  throw error;
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
