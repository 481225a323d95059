import { relayRequests } from '@chat-relays/bus';
import type { Answer, Session } from './session';
import { viewServed } from './views';

export async function relayAddress(session: Session, relay: string): Promise<Answer> {
  const reply = await session.ask(relayRequests['relay.*.address.get'], {}, relay);
  return { reply, lines: [reply.address] };
}

export async function relayGroups(session: Session, relay: string): Promise<Answer> {
  const reply = await session.ask(relayRequests['relay.*.group.list'], {}, relay);
  return { reply, lines: viewServed(relay, reply.groups) };
}
