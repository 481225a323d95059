import { ownerRequests } from '@chat-relays/bus';
import { type ProtocolName, servesOwner } from '@chat-relays/protocol';
import type { Command } from './command';
import type { Answer, Session } from './session';
import {
  viewCreated,
  viewGroupRelay,
  viewGroupRelays,
  viewGroups,
  viewLink,
  viewRelays,
  viewSent,
} from './views';
import { hasEnded, lookUntil } from './waiting';

type Of<Kind extends Command['kind']> = Extract<Command, { kind: Kind }>;

export async function listRelays(session: Session): Promise<Answer> {
  const reply = await session.ask(ownerRequests['owner.relays.get'], { owner: session.owner });
  return { reply, lines: viewRelays(reply.relays) };
}

export async function replaceRelays(
  session: Session,
  relays: readonly { name: string; address: string }[],
): Promise<Answer> {
  const { owner } = session;
  const reply = await session.ask(ownerRequests['owner.relays.set'], { owner, relays: [...relays] });
  return { reply, lines: ['ok'] };
}

export async function createGroup(
  session: Session,
  { group: name, relays, protocol }: Of<'create group'>,
): Promise<Answer> {
  const { owner, args } = session;
  const reply = await session.ask(ownerRequests['owner.group.create'], {
    owner,
    name,
    relays: [...relays],
    // which there are, the request says
    ...(protocol !== undefined && { protocol: protocol as ProtocolName }),
  });
  if (!args.wait) return { reply, lines: viewCreated(name) };
  viewCreated(name).forEach(session.say);
  return followRelays(session, name);
}

export async function getRelays(session: Session, group: string): Promise<Answer> {
  if (session.args.wait) return followRelays(session, group);
  const { owner } = session;
  const reply = await session.ask(ownerRequests['owner.group.relays.get'], { owner, group });
  return { reply, lines: viewGroupRelays(group, reply.relays, await relayList(session), Date.now()) };
}

export async function addRelays(session: Session, group: string, relays: readonly number[]): Promise<Answer> {
  const { owner, args } = session;
  const reply = await session.ask(ownerRequests['owner.group.relays.add'], {
    owner,
    group,
    relays: [...relays],
  });
  if (args.wait) return followRelays(session, group);
  return { reply, lines: viewGroupRelays(group, reply.relays, await relayList(session), Date.now()) };
}

export async function removeRelay(
  session: Session,
  { group, relay, force }: Of<'remove relay'>,
): Promise<Answer> {
  const { owner } = session;
  const reply = await session.ask(ownerRequests['owner.group.relays.remove'], { owner, group, relay, force });
  return { reply, lines: viewGroupRelays(group, reply.relays, await relayList(session), Date.now()) };
}

export async function retryGroup(session: Session, group: string): Promise<Answer> {
  const { owner, args } = session;
  const reply = await session.ask(ownerRequests['owner.group.retry'], { owner, group });
  if (args.wait) return followRelays(session, group);
  return { reply, lines: viewGroups([reply]) };
}

export async function retryRelay(session: Session, { group, relay }: Of<'retry relay'>): Promise<Answer> {
  const { owner, args } = session;
  const reply = await session.ask(ownerRequests['owner.group.relays.retry'], { owner, group, relay });
  if (args.wait) return followRelays(session, group);
  return { reply, lines: viewGroupRelays(group, reply.relays, await relayList(session), Date.now()) };
}

export async function showLink(session: Session, group: string): Promise<Answer> {
  const { owner } = session;
  const reply = await session.ask(ownerRequests['owner.group.get'], { owner, group });
  const lines = viewLink(reply.groupLink);
  if (lines.length > 0) return { reply, lines };
  const why = reply.reason === undefined ? [`#${group}: the link is not made yet`] : viewGroups([reply]);
  return { reply, lines: why, ok: false };
}

export async function listGroups(session: Session): Promise<Answer> {
  const reply = await session.ask(ownerRequests['owner.group.list'], { owner: session.owner });
  return { reply, lines: viewGroups(reply.groups) };
}

export async function send(session: Session, group: string, text: string): Promise<Answer> {
  const { owner } = session;
  const reply = await session.ask(ownerRequests['owner.message.send'], { owner, group, text });
  return { reply, lines: viewSent(group, text, reply.relays) };
}

/** Every status as it comes, until no relay goes any further. */
async function followRelays(session: Session, group: string): Promise<Answer> {
  const { owner } = session;
  const list = await relayList(session);
  const told = new Map<string, string>();
  const reply = await lookUntil(
    () => session.ask(ownerRequests['owner.group.relays.get'], { owner, group }),
    ({ relays }) => relays.length > 0 && relays.every(({ status }) => hasEnded('group_relay', status)),
    ({ relays }) => {
      for (const relay of relays) {
        const line = viewGroupRelay(relay, list, Date.now());
        if (told.get(relay.relay) !== line) session.say(line);
        told.set(relay.relay, line);
      }
    },
  );
  const { groupLink } = await session.ask(ownerRequests['owner.group.get'], { owner, group });
  const ok = reply.relays.length > 0 && reply.relays.every(({ status }) => servesOwner(status));
  return { reply, lines: viewGroupRelays(group, reply.relays, list, Date.now(), groupLink), ok };
}

async function relayList(session: Session) {
  return (await session.ask(ownerRequests['owner.relays.get'], { owner: session.owner })).relays;
}
