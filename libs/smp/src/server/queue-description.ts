import type { QueueInfo } from '../commands/queue-info';
import { asBuffer } from '../encoding';
import type { Delivered, QueueState } from './queue-state';

/** What QUE tells of a queue. */
export function infoOf(queue: QueueState): QueueInfo {
  const { messages, row } = queue;
  const head = messages[0];
  const subscription = subscriptionOf(queue);
  return {
    qiSnd: row.senderKey !== undefined,
    qiNtf: false,
    ...(subscription && { qiSub: subscription }),
    qiSize: messages.length,
    ...(head && {
      qiMsg: {
        msgId: base64url(head.msgId),
        msgTs: `${new Date(head.timestamp * 1000).toISOString().slice(0, 19)}Z`,
        msgType: head.quota ? 'quota' : 'message',
      },
    }),
  };
}

function subscriptionOf({ subscriber, getters }: QueueState): QueueInfo['qiSub'] {
  if (subscriber) return { qSubThread: 'subThread', ...delivered(subscriber.delivered) };
  if (!getters || getters.size === 0) return undefined;
  const got = [...getters.values()].find((one) => one !== undefined);
  return { qSubThread: 'prohibitSub', ...delivered(got) };
}

function delivered(one: Delivered | undefined): { qDelivered?: string } {
  return one ? { qDelivered: base64url(one.msgId) } : {};
}

function base64url(bytes: Uint8Array): string {
  return asBuffer(bytes).toString('base64url');
}
