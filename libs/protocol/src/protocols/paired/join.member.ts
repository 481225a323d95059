import type { Dialogue } from '../../machine';
import type { MemberConnection, MemberConnectionStatus } from '../../member-connection';
import { connectionWords, connects, leaves } from '../full/join.member';
import { type AskingEvents, asksHistory } from './history';

const words = connectionWords();

/** RFC steps 15a and 15b of the update, member: two connections via each relay link, with one key. */
export const joinMemberPaired: Dialogue<MemberConnectionStatus, MemberConnection, AskingEvents> = {
  name: 'group.join',
  half: 'member',
  noun: 'member_connection',
  ends: ['Connected', 'Removed', 'Broken'],
  rows: [...connects('15a', 'priority'), ...connects('15b', 'messages'), ...leaves(), ...asksHistory()],
  ...words,
  says: { ...words.says, 'x.grp.relay.history': () => ({}) },
};
