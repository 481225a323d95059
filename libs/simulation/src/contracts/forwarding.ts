import {
  type Behind,
  type Changes,
  type DeliveryJob,
  type MemberAttempt,
  type NewDeliveryJob,
  type SendQueue,
  type Sent,
  type Store,
} from '@chat-relays/agent';
import { record, save as saveChanges, type Stores } from './contract';

export const group = 'relay-1/news';

export function job(messageId: string, more: Partial<NewDeliveryJob> = {}): NewDeliveryJob {
  const element = Buffer.from(`>${messageId}`);
  return { relayOwnId: group, identity: 'relay-1', author: 'channel', messageId, element, ...more };
}

export function member(name: string, more: { status?: string; relayOwnId?: string; attempt?: number } = {}) {
  const { relayOwnId = group, status = 'Accepted', attempt = 1 } = more;
  const peer = { server: 'smp-members', senderId: name };
  return record('group_member', `${relayOwnId}/${name}`, { status, attempt, peer, data: { relayOwnId } });
}

/** Members come with the queues that they told the relay of. */
export function save(store: Store, changes: Partial<Changes>): Promise<void> {
  const sendQueues = (changes.records ?? []).flatMap(({ peer }): SendQueue[] =>
    peer
      ? [
          {
            ...peer,
            dhKey: Buffer.alloc(44, 1),
            seed: Buffer.alloc(32, 2),
            sent: { id: 0, hash: Buffer.alloc(0) },
          },
        ]
      : [],
  );
  return saveChanges(store, { ...changes, sendQueues });
}

export const sentTo = (name: string, id: number): Sent => ({
  server: 'smp-members',
  senderId: name,
  position: { id, hash: Buffer.alloc(32, id) },
});

export const texts = (jobs: readonly DeliveryJob[]): string[] =>
  jobs.map(({ element }) => Buffer.from(element).toString().slice(1));
export const names = (recipients: readonly { memberId: string }[]): string[] =>
  recipients.map(({ memberId }) => memberId.slice(group.length + 1));

export const attemptOf = (name: string, attempt = 1): MemberAttempt => ({
  memberId: `${group}/${name}`,
  attempt,
});
export const behind = (name: string, jobId: number, retryAt: number, tries = 1): Behind => ({
  ...attemptOf(name),
  jobId,
  retryAt,
  tries,
});

/** Three jobs, all complete, and bob, who fell behind at the first. */
export async function bobIsBehind({ store, deliveries }: Stores): Promise<number[]> {
  await save(store, { records: [member('bob'), member('carol')], jobs: [job('1'), job('2'), job('3')] });
  const jobs = await deliveries.next(group, 10);
  await deliveries.advance(jobs, 'complete', [behind('bob', jobs[0].id, 500)], []);
  return jobs.map(({ id }) => id);
}
