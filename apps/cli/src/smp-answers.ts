import { serverToken, smpServerRequests } from '@chat-relays/bus';
import type { SmpCommand } from './command';
import type { Answer, Session } from './session';
import { viewFaults, viewHoldings, viewQueue } from './smp-views';

/** @throws {RequestFailed, Mistake} */
export async function answerSmp(command: SmpCommand, session: Session): Promise<Answer> {
  const { server } = command;
  const scope = serverToken(server);
  switch (command.kind) {
    case 'smp show': {
      const holdings = await session.ask(smpServerRequests['smp-server.*.status.get'], {}, scope);
      const faults = await session.ask(smpServerRequests['smp-server.*.faults.get'], {}, scope);
      return {
        reply: { ...holdings, ...faults },
        lines: [...viewHoldings(server, holdings), ...viewFaults(server, faults)],
      };
    }
    case 'smp faults': {
      const { text } = command;
      const reply = await session.ask(smpServerRequests['smp-server.*.faults.set'], { text }, scope);
      return { reply, lines: viewFaults(server, reply) };
    }
    case 'smp pause': {
      const { ms } = command;
      const request = ms === undefined ? {} : { ms };
      const reply = await session.ask(smpServerRequests['smp-server.*.pause'], request, scope);
      return { reply, lines: viewFaults(server, reply) };
    }
    case 'smp resume': {
      const reply = await session.ask(smpServerRequests['smp-server.*.resume'], {}, scope);
      return { reply, lines: viewFaults(server, reply) };
    }
    case 'smp queue': {
      const { id } = command;
      const reply = await session.ask(smpServerRequests['smp-server.*.queue.get'], { id }, scope);
      return { reply, lines: viewQueue(reply) };
    }
    case 'smp block': {
      const { id, reason } = command;
      const reply = await session.ask(smpServerRequests['smp-server.*.queue.block'], { id, reason }, scope);
      return { reply, lines: viewQueue(reply) };
    }
    case 'smp unblock': {
      const { id } = command;
      const reply = await session.ask(smpServerRequests['smp-server.*.queue.unblock'], { id }, scope);
      return { reply, lines: viewQueue(reply) };
    }
    case 'smp delete': {
      const { id } = command;
      const reply = await session.ask(smpServerRequests['smp-server.*.queue.delete'], { id }, scope);
      return { reply, lines: [`queue deleted, with ${reply.messages} messages`] };
    }
  }
}
