import type { ReceivingEnd, SendingEnd } from './end';
import { JetStreamReceiver, JetStreamSender } from './jetstream/ends';
import { CoreReceiver, CoreSender } from './nats/core-ends';
import { FanOutReceiver, FanOutSender } from './nats/fan-out-ends';

export type Side = 'sender' | 'receiver';

/** By key of a contender: what the processes of its two ends run. */
export const ends: Readonly<Record<string, { sender(): SendingEnd; receiver(): ReceivingEnd }>> = {
  core: { sender: () => new CoreSender(), receiver: () => new CoreReceiver() },
  'fan-out': { sender: () => new FanOutSender(), receiver: () => new FanOutReceiver() },
  jetstream: { sender: () => new JetStreamSender(), receiver: () => new JetStreamReceiver() },
};
