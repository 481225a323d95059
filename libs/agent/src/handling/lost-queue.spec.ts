import type { ReceiveQueue } from '../commands/command';
import { lossOf } from './lost-queue';

const queue: ReceiveQueue = {
  ...{
    noun: 'member_connection',
    id: 'bob/https://smp/c#a https://smp/g#b',
    identity: 'bob',
    protocol: 'paired',
  },
  ...{ server: 'smp-own', recipientId: Buffer.from('recipient'), purpose: 'connection', attempt: 3 },
  ...{ seed: Buffer.alloc(32), serverDhKey: Buffer.alloc(44), received: { id: 7, hash: Buffer.alloc(32) } },
  receivedTime: 1_700_000_000,
};
const { server, recipientId, id: via } = queue;

describe('a queue that is lost', () => {
  it('is told to its record at its attempt, with what a relay may have broadcast after the last message', () => {
    const gap = {
      membershipId: 'bob/https://smp/c#a',
      ...{ via, from: 8, after: 1_700_000_000, before: 1_700_000_100, noticedAt: 1_700_000_100_999 },
    };
    expect(lossOf(queue, 'AUTH', 1_700_000_100_999)).toEqual([
      {
        ref: { noun: 'member_connection', id: via },
        ...{ identity: 'bob', protocol: 'paired', attempt: 3 },
        event: { name: 'queue.lost', facts: { reason: 'the SMP server has lost the queue: AUTH' } },
        missing: { server, recipientId, gap },
      },
    ]);
  });

  it('on which nothing is broadcast is no gap', () => {
    const [priority] = lossOf({ ...queue, id: `${via} priority` }, 'AUTH', 0);
    const [owners] = lossOf({ ...queue, noun: 'group_relay', id: 'news/relay-1' }, 'AUTH', 0);
    expect([priority, owners].map((input) => input && 'missing' in input)).toEqual([false, false]);
  });

  it('is nothing to a record whose rows do not ask', () => {
    expect(lossOf({ ...queue, noun: 'relay_own', id: 'relay-1/link' }, 'AUTH', 0)).toEqual([]);
    expect(
      lossOf({ ...queue, noun: 'pool_link', id: 'relay-1/pool/1', protocol: 'pooled' }, 'AUTH', 0),
    ).toHaveLength(1);
  });
});
