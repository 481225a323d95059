import type { Command } from './command';
import { helpLines } from './help';
import { divergences, gaps, history, join, members, tail } from './member-answers';
import {
  addRelays,
  createGroup,
  getRelays,
  listGroups,
  listRelays,
  removeRelay,
  replaceRelays,
  retryGroup,
  retryRelay,
  send,
  showLink,
} from './owner-answers';
import { relayAddress, relayGroups } from './relay-answers';
import type { Answer, Session } from './session';
import { answerSmp } from './smp-answers';
import { watch } from './status-answers';

/** @throws {RequestFailed, Mistake} */
export async function answer(command: Exclude<Command, { kind: 'help' }>, session: Session): Promise<Answer> {
  switch (command.kind) {
    case 'list relays':
      return listRelays(session);
    case 'replace relays':
      return replaceRelays(session, command.relays);
    case 'create group':
      return createGroup(session, command);
    case 'get relays':
      return getRelays(session, command.group);
    case 'add relays':
      return addRelays(session, command.group, command.relays);
    case 'remove relay':
      return removeRelay(session, command);
    case 'retry group':
      return retryGroup(session, command.group);
    case 'retry relay':
      return retryRelay(session, command);
    case 'show link':
      return showLink(session, command.group);
    case 'list groups':
      return listGroups(session);
    case 'send':
      return send(session, command.group, command.text);
    case 'join':
      return join(session, command);
    case 'tail':
      return tail(session, command.group, command.count);
    case 'divergences':
      return divergences(session, command.group);
    case 'gaps':
      return gaps(session, command.group);
    case 'history':
      return history(session, command.group);
    case 'members':
      return members(session, command.group);
    case 'relay address':
      return relayAddress(session, command.relay);
    case 'relay groups':
      return relayGroups(session, command.relay);
    case 'watch':
      return watch(session, command.group);
    case 'smp show':
    case 'smp faults':
    case 'smp pause':
    case 'smp resume':
    case 'smp queue':
    case 'smp block':
    case 'smp unblock':
    case 'smp delete':
      return answerSmp(command, session);
  }
}

export const help: Answer = { reply: helpLines(), lines: helpLines() };
