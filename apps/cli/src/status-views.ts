import type { StatusEvent } from '@chat-relays/bus';
import { harmless } from './indented';
import { viewDuration, viewWaiting } from './views';

/** One line for each change of a status, with its channel where several are watched. */
export function viewStatusEvent(event: StatusEvent, channel?: string): string {
  return harmless(`${channel === undefined ? '' : `${channel} `}${viewWho(event)}: ${viewWhat(event)}`);
}

/** By its name, or by the end of the id or link of a channel that is not the owner's. */
export function viewChannel(group: string, name: string | undefined): string {
  return name === undefined ? `…${group.slice(-8)}` : `#${name}`;
}

/** Whose record it is; the relay's own is told apart from its owner's of the relay. */
function viewWho({ noun, id, identity }: StatusEvent): string {
  switch (noun) {
    case 'group':
      return `${identity}'s channel`;
    case 'group_relay':
      return lastOf(id, '/');
    case 'relay_own':
      return `${identity} itself`;
    case 'relay_address':
      return `${identity}'s address`;
    case 'group_member':
      return `${identity}'s member ${lastOf(id, '/')}`;
    case 'membership':
      return identity;
    case 'member_connection':
      return `${identity} at relay …${id.slice(-8)}`;
    default:
      return `${noun} ${id}`;
  }
}

function viewWhat(event: StatusEvent): string {
  const { from, to, reason, since, time } = event;
  if (since !== undefined) return viewStuck(event, time - since);
  const change = from === '-' ? to : `${from} -> ${to}`;
  return reason ? `${change}, ${reason}` : change;
}

function viewStuck({ noun, id, to }: StatusEvent, ms: number): string {
  if (noun === 'group_relay') return `${to}, ${viewWaiting(lastOf(id, '/'), ms)}`;
  const peer = peers[noun];
  return `${to}, waiting${peer ? ` for ${peer}` : ''} for ${viewDuration(ms)}`;
}

const peers: { readonly [noun: string]: string | undefined } = {
  relay_own: 'the owner',
  group_member: 'the member',
  member_connection: 'the relay',
};

function lastOf(id: string, separator: string): string {
  return id.slice(id.lastIndexOf(separator) + 1);
}
