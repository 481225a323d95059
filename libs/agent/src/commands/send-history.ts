import { encodeBatch } from '@chat-relays/wire';
import type { Command, HistoryAim, Reply } from './command';
import { fitting } from '../forwarding/delivery';
import type { Road } from './link';
import { HISTORY } from '../forwarding/message';
import { PermanentError } from './permanent-error';
import { send } from './send';

/** One message to a member, of what its relay forwarded last. How much that is was settled by the first of them. */
export async function sendHistory({ aim, to }: Command, road: Road): Promise<Omit<Reply, 'name'>> {
  if (!to) throw new PermanentError('the peer gave no queue to send to');
  const { relayOwnId, from, upTo = 0 } = aim as HistoryAim;
  const jobs =
    from === undefined
      ? await road.deliveries.newest(relayOwnId, HISTORY)
      : (await road.deliveries.completed(relayOwnId, from, HISTORY)).filter(({ id }) => id <= upTo);
  if (jobs.length === 0) return { facts: {} };
  const page = fitting(jobs);
  const sent = await send(to, encodeBatch(page.map(({ element }) => element)), road);
  const next = jobs[page.length];
  return { facts: next ? { rest: { from: next.id, upTo: jobs[jobs.length - 1].id } } : {}, sent };
}
