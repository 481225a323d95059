import type { ReceivingEnd, SendingEnd } from './end';
import { JetStreamReceiver, JetStreamSender } from './jetstream/ends';
import { CoreReceiver, CoreSender } from './nats/core-ends';
import { FanOutReceiver, FanOutSender } from './nats/fan-out-ends';
import { SmpReceiver } from './smp-server/receiver';
import { SmpSender } from './smp-server/sender';

export type Side = 'sender' | 'receiver';

/** By key of a contender: what the processes of its two ends run. */
export const ends: Readonly<Record<string, { sender(): SendingEnd; receiver(): ReceivingEnd }>> = {
  core: { sender: () => new CoreSender(), receiver: () => new CoreReceiver() },
  'fan-out': { sender: () => new FanOutSender(), receiver: () => new FanOutReceiver() },
  smp: { sender: () => new SmpSender(true), receiver: () => new SmpReceiver(true) },
  'smp-open': { sender: () => new SmpSender(false), receiver: () => new SmpReceiver(false) },
  jetstream: { sender: () => new JetStreamSender(), receiver: () => new JetStreamReceiver() },
};
