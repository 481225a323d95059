import { type RecordRef, unlinked } from '@chat-relays/protocol';
import { asynchronous } from './async-commands';
import type { CleanAim, Command, Reply } from './command';
import { deleteQueue } from './delete-queues';
import type { FormerMember } from '../forwarding/delivery';
import type { Road } from './link';
import { PermanentError } from './permanent-error';
import { TemporaryError } from '../smp-port';

/** Tries of which each waits longer than the one before: minutes. Whoever was not told by then finds out by looking. */
const PATIENCE = 16;
const JOBS_AT_ONCE = 1_000;

/**
 * One page of what a removed relay has of its members: their queues are deleted here, their records in the commit of the
 * reply, which asks for the next page. Those who are told go first; at last the messages go, if the relay is not back.
 */
export async function cleanUp({ aim, tries }: Command, road: Road): Promise<Omit<Reply, 'name'>> {
  const { relayOwnId, life, untold: isOver } = aim as CleanAim;
  const { deliveries, page: limit } = road;
  const back = await isBack(aim as CleanAim, road);
  const untold = isOver || back || tries >= PATIENCE;
  if (!untold && (await deliveries.next(relayOwnId, 1)).length > 0)
    throw new TemporaryError('members are being told');
  const rest = { untold };
  let past: RecordRef | undefined;
  let page = await deliveries.former({ relayOwnId, life, untold, limit });
  while (page.members.length > 0) {
    const cleaned = await cleanPage(page.members, road);
    if (cleaned) return { facts: { rest }, ...cleaned };
    // whoever is at a server that is away keeps no other ones, however many they are
    past = page.members[page.members.length - 1];
    page = await deliveries.former({ relayOwnId, life, untold, limit, past });
  }
  if (past) throw new TemporaryError('some connections could not be deleted yet');
  if (page.waiting) throw new TemporaryError('some members could not be told yet');
  const jobs = back ? 0 : await deliveries.forget(relayOwnId, unlinked, JOBS_AT_ONCE);
  return { facts: jobs > 0 ? { rest } : {} };
}

/** Answers undefined when nothing of it could be done. */
async function cleanPage(
  members: readonly FormerMember[],
  road: Road,
): Promise<Pick<Reply, 'deleted' | 'forgotten' | 'first'> | undefined> {
  const idle = members.filter(({ commands }) => commands.length === 0);
  const gone = (
    await Promise.all(idle.map(async (member) => ((await isDeleted(member, road)) ? [member] : [])))
  ).flat();
  const first = members.flatMap((member) => givingUp(member, road));
  if (gone.length + first.length === 0) return undefined;
  return {
    deleted: gone.flatMap(({ queues }) => queues),
    forgotten: gone.map(({ noun, id }) => ({ noun, id })),
    first,
  };
}

/** A server that is away keeps the connections that are there, and no other ones. */
async function isDeleted({ queues }: FormerMember, road: Road): Promise<boolean> {
  const results = await Promise.allSettled(queues.map((queue) => deleteQueue(queue, road)));
  const errors = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as Error] : []));
  // one that the server will never delete is its own
  const lasting = errors.filter((error) => !(error instanceof PermanentError));
  const strange = lasting.find((error) => !(error instanceof TemporaryError));
  if (strange) throw strange;
  return lasting.length === 0;
}

/** What was to be said to a member is not said any more, and a queue that it made on an earlier try is deleted. */
function givingUp({ commands }: FormerMember, { host }: Road): Command[] {
  const known = new Set(commands.map(({ id }) => id));
  return commands
    .filter(({ id, kind }) => kind !== 'DEL' && !known.has(idAfter(id)))
    .map(({ id, lane, noun, recordId, identity, protocol, attempt }) =>
      asynchronous(
        idAfter(id),
        { aim: { keepLink: true }, lane },
        {
          record: { noun, id: recordId, identity, protocol, attempt, status: '-', data: {} },
          ask: { step: 'x', kind: 'DEL' },
          host,
        },
      ),
    );
}

function idAfter(commandId: string): string {
  return `${commandId}/leave`;
}

/** A relay that was invited again has other members to come. */
async function isBack({ relayOwnId, life }: CleanAim, { store }: Road): Promise<boolean> {
  const [relay] = await store.commit((unit) => unit.load([{ noun: 'relay_own', id: relayOwnId }]));
  return relay !== undefined && relay.data['life'] !== undefined && Number(relay.data['life']) > life;
}
