import type { Dialogue } from '../../machine';
import type { MemberConnection, MemberConnectionStatus } from '../../member-connection';
import { type ConnectEvents, connectionWords, connects, leaves } from '../full/join.member';

/** RFC steps 15a and 15b of the update, member: two connections via each relay link, with one key. */
export const joinMemberPaired: Dialogue<MemberConnectionStatus, MemberConnection, ConnectEvents> = {
  name: 'group.join',
  half: 'member',
  noun: 'member_connection',
  ends: ['Connected', 'Removed', 'Broken'],
  rows: [...connects('15a', 'priority'), ...connects('15b', 'messages'), ...leaves()],
  ...connectionWords(),
};
