import { indented } from './indented';

/** Replies in the words of SimpleX's terminal, where it has words for them. */

interface ListedRelay {
  readonly position: number;
  readonly name: string;
  readonly address: string;
}

interface GroupRelay {
  readonly relay: string;
  readonly status: string;
  readonly reason?: string;
  /** unix ms of this status */
  readonly since: number;
  readonly stuck: boolean;
}

export function viewRelays(relays: readonly ListedRelay[]): string[] {
  if (relays.length === 0) return ['no relays; to have some: /relays name=<name> <address>'];
  return [
    'Your servers',
    '  Chat relays',
    ...relays.map(({ position, name, address }) => `    ${position}. ${name}: ${address}`),
  ];
}

/** Relays of a group are told by their place in the owner's list, as `relays=1,2` chose them. */
export function viewGroupRelay(
  { relay, status, reason, since, stuck }: GroupRelay,
  list: readonly ListedRelay[],
  now: number,
): string {
  const waiting = stuck ? `, ${viewWaiting(relay, now - since)}` : '';
  const position = list.find(({ name }) => name === relay)?.position;
  const who = position === undefined ? `relay ${relay}` : `relay id ${position}`;
  return `  - ${who}: ${viewStatus(status)}${reason ? `, ${reason}` : ''}${waiting}`;
}

export function viewGroupRelays(
  group: string,
  relays: readonly GroupRelay[],
  list: readonly ListedRelay[],
  now: number,
  groupLink?: string,
): string[] {
  return [
    `#${group}: group link relays updated, current relays:`,
    ...relays.map((relay) => viewGroupRelay(relay, list, now)),
    ...viewLink(groupLink),
  ];
}

export function viewCreated(group: string): string[] {
  return [
    `group #${group} is created`,
    'wait for selected relay(s) to join, then you can invite members via group link',
  ];
}

export function viewLink(groupLink: string | undefined): string[] {
  return groupLink === undefined ? [] : ['group link:', groupLink];
}

export function viewGroups(
  groups: readonly { name: string; status: string; groupLink?: string; reason?: string }[],
): string[] {
  if (groups.length === 0) return ['you have no groups!', 'to create: /public group relays=1,2 #<name>'];
  return groups.map(
    ({ name, status, groupLink, reason }) =>
      `#${name} (${viewStatus(status)}${reason ? `, ${reason}: /retry #${name} begins it again` : ''})${groupLink ? ` ${groupLink}` : ''}`,
  );
}

/** What was sent stands as it was written; then to whom it goes. */
export function viewSent(group: string, text: string, relays: readonly string[]): string[] {
  return [...indented(`#${group} `, text), `sent to ${relays.join(', ')}`];
}

interface ChannelStatus {
  readonly members: number;
  readonly membersByStatus: Readonly<Record<string, number>>;
  readonly connectionsByStatus: Readonly<Record<string, number>>;
  readonly received: number;
  readonly duplicates: number;
}

export function viewMembers(group: string, status: ChannelStatus): string[] {
  const { members, membersByStatus, connectionsByStatus, received, duplicates } = status;
  return [
    `#${group}: ${viewMemberCount(members)}${members > 0 ? ` (${viewMembership(membersByStatus)})` : ''}`,
    `  connections to relays: ${viewCounts(connectionsByStatus) || 'none'}`,
    `  received: ${received}, duplicates dropped: ${duplicates}`,
  ];
}

/** Who reads a link that lists no relay has to wait for the owner. */
export function viewMembership(byStatus: Readonly<Record<string, number>>): string {
  const { NoRelays = 0, ...others } = byStatus;
  const without = NoRelays > 0 ? `${NoRelays} without active relays: wait for the owner to add one` : '';
  return [viewCounts(others), without].filter((words) => words !== '').join(', ');
}

interface ServedGroup {
  readonly groupLink: string;
  readonly name?: string;
  readonly status: string;
  readonly members: number;
  readonly pendingDeliveries: number;
  readonly reason?: string;
}

export function viewServed(relay: string, groups: readonly ServedGroup[]): string[] {
  if (groups.length === 0) return [`${relay}: no groups`];
  return groups.map(({ groupLink, name, status, members, pendingDeliveries, reason }) => {
    const pending = pendingDeliveries > 0 ? `, ${pendingDeliveries} deliveries pending` : '';
    const why = reason ? `, ${reason}` : '';
    return `${name === undefined ? groupLink : `#${name}`}: ${viewStatus(status)}, ${viewMemberCount(members)}${pending}${why}`;
  });
}

/** What the owner of a channel can do about a relay that is silent. */
export function viewWaiting(relay: string, ms: number): string {
  return `waiting for ${relay} for ${viewDuration(ms)}: /retry it or /rm it`;
}

export function viewDuration(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return `${Math.max(0, Math.floor(ms / 1_000))} s`;
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h`;
}

/** `LinkCreated` is read as `link created`. */
export function viewStatus(status: string): string {
  return status.replace(/(?<!^)[A-Z]/g, ' $&').toLowerCase();
}

export function viewCounts(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([status, count]) => `${count} ${viewStatus(status)}`)
    .join(', ');
}

function viewMemberCount(count: number): string {
  return count === 1 ? '1 member' : `${count} members`;
}
