import { memberRequests, RequestFailed } from '@chat-relays/bus';
import type { z } from 'zod';
import type { Answer, Session } from './session';
import { viewDivergences, viewGaps, viewReceived } from './message-views';
import { viewCounts, viewMembers, viewMembership } from './views';
import { hasEnded, lookUntil } from './waiting';

type MessagePage = z.output<(typeof memberRequests)['member.message.list']['reply']>;
type DivergencePage = z.output<(typeof memberRequests)['member.divergence.list']['reply']>;

type GapPage = z.output<(typeof memberRequests)['member.gap.list']['reply']>;

/** of the longest texts, far below the largest payload of NATS */
const TEXTS_PER_PAGE = 30;

export async function join(
  session: Session,
  { link, again }: { readonly link: string; readonly again: boolean },
): Promise<Answer> {
  const { member, args } = session;
  const request = { link, members: [member], anew: again };
  const reply = await session.ask(memberRequests['member.join'], request);
  const before = again ? 'connecting again' : 'looking which relays it has ("again" makes new connections)';
  const begun = reply.known > 0 ? `${member} was in the group before: ${before}` : 'connection started';
  if (!args.wait) return { reply, lines: [begun] };
  session.say(begun);
  return followConnections(session, link);
}

export async function tail(session: Session, group: string, count: number): Promise<Answer> {
  const { member } = session;
  let last: MessagePage['messages'] = [];
  let relays = 0;
  for (let after: number | null = 0; after !== null;) {
    const page: MessagePage = await session.ask(memberRequests['member.message.list'], {
      group,
      member,
      after,
      limit: TEXTS_PER_PAGE,
    });
    last = [...last, ...page.messages].slice(-count);
    after = page.next;
    relays = page.relays;
  }
  const disputed = last.filter((message) => message.divergences > 0);
  const divergences: DivergencePage['divergences'] = [];
  for (const { messageId } of disputed) divergences.push(...(await divergencesOf(session, group, messageId)));
  // of what was before the messages that are shown, what is missing is not shown either
  const shownSince = last.length < count ? 0 : last[0].receivedAt;
  const { gaps: all, canAsk } = await gapsOf(session, group);
  const gaps = all.filter(({ noticedAt }) => noticedAt >= shownSince);
  return {
    reply: { messages: last, relays, divergences, gaps, canAsk },
    lines: viewReceived(group, last, { relays, divergences, gaps, canAsk }),
  };
}

export async function divergences(session: Session, group: string): Promise<Answer> {
  const found = await divergencesOf(session, group);
  return { reply: { divergences: found }, lines: viewDivergences(group, found) };
}

export async function gaps(session: Session, group: string): Promise<Answer> {
  const found = await gapsOf(session, group);
  return { reply: found, lines: viewGaps(group, found) };
}

export async function history(session: Session, group: string): Promise<Answer> {
  const { member } = session;
  const reply = await session.ask(memberRequests['member.history.ask'], { group, member });
  const { relays } = reply;
  const whom = relays === 1 ? '1 relay is' : `${relays} relays are`;
  return { reply, lines: [`#${group}: ${whom} asked; /tail shows what comes`] };
}

async function gapsOf(session: Session, group: string): Promise<Pick<GapPage, 'gaps' | 'canAsk'>> {
  const { member } = session;
  const found: GapPage['gaps'] = [];
  let canAsk = false;
  for (let after: number | null = 0; after !== null;) {
    const page: GapPage = await session.ask(memberRequests['member.gap.list'], { group, member, after });
    found.push(...page.gaps);
    after = page.next;
    canAsk = page.canAsk;
  }
  return { gaps: found, canAsk };
}

async function divergencesOf(
  session: Session,
  group: string,
  messageId?: string,
): Promise<DivergencePage['divergences']> {
  const { member } = session;
  const found: DivergencePage['divergences'] = [];
  for (let after: number | null = 0; after !== null;) {
    const page: DivergencePage = await session.ask(memberRequests['member.divergence.list'], {
      group,
      member,
      messageId,
      after,
    });
    found.push(...page.divergences);
    after = page.next;
  }
  return found;
}

export async function members(session: Session, reference: string): Promise<Answer> {
  const link = await linkOf(session, reference);
  const reply = await session.ask(memberRequests['member.group.status'], { link });
  return { reply, lines: viewMembers(reply.name ?? reference, reply) };
}

/** Until no connection of the channel goes any further; those of its other members are among them. */
async function followConnections(session: Session, link: string): Promise<Answer> {
  const reply = await lookUntil(
    () => session.ask(memberRequests['member.group.status'], { link }),
    ({ membersByStatus, connectionsByStatus }) =>
      Object.keys(membersByStatus).every((status) => hasEnded('membership', status)) &&
      Object.keys(connectionsByStatus).every((status) => hasEnded('member_connection', status)),
    ({ name, connectionsByStatus }) => {
      const counts = viewCounts(connectionsByStatus);
      if (counts)
        session.say(`#${name ?? 'channel'}: joining the group (connections to relays: ${counts})...`);
    },
  );
  const { name, membersByStatus, connectionsByStatus } = reply;
  const ok = (connectionsByStatus.Connected ?? 0) > 0;
  const came = ok ? 'you joined the group' : 'you did not join the group';
  // connections that earlier members had do not say why nobody has one now
  const isWithoutRelays = !ok && (membersByStatus.NoRelays ?? 0) > 0;
  const how = (!isWithoutRelays && viewCounts(connectionsByStatus)) || viewMembership(membersByStatus);
  return { reply, lines: [`#${name ?? 'channel'}: ${came} (${how})`], ok };
}

/** @throws {RequestFailed} where no channel that members joined has this name, or several have */
async function linkOf(session: Session, reference: string): Promise<string> {
  if (reference.includes(':/')) return reference;
  const { groups } = await session.ask(memberRequests['member.group.list'], {});
  const links = groups.filter(({ name }) => name === reference).map(({ link }) => link);
  if (links.length === 1) return links[0];
  throw new RequestFailed(
    'not_found',
    links.length === 0
      ? `no member joined a group "${reference}"`
      : `members joined ${links.length} groups "${reference}"; name one by its link: ${links.join(' ')}`,
  );
}
