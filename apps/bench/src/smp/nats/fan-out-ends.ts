import type { Setting } from '../end';
import type { Pass } from '../tally';
import { ALTERED, Bodies } from '../body';
import { Window } from '../window';
import { CoreReceiver, CoreSender } from './core-ends';

const SUBJECT = 'bench.everybody';
/** deliveries; of 1 KiB they are a quarter of what nats-server keeps for a client. With fewer it is slower */
const IN_FLIGHT = 16_000;

/** A subscription for each queue, all of one connection, to one subject. */
export class FanOutReceiver extends CoreReceiver {
  protected override subscribe({ size, queues }: Setting): void {
    const bodies = new Bodies(size);
    for (let queue = 0; queue < queues; queue++) {
      this.connection.subscribe(SUBJECT, {
        callback: (_, { data }) =>
          this.take(bodies.queueOf(data) === ALTERED ? ALTERED : queue, bodies.numberOf(data)),
      });
    }
  }
}

/** One publish for each number, which reaches every queue. */
export class FanOutSender extends CoreSender {
  protected override windowOf(pass: Pass): Window {
    const publishes = Math.max(1, Math.floor(IN_FLIGHT / pass.queues));
    return new Window({ ...pass, queues: 1 }, publishes, (_, number) =>
      this.connection.publish(SUBJECT, this.bodies.make(0, number)),
    );
  }

  protected override publishesOf(deliveries: number, { queues }: Pass): number {
    return Math.floor(deliveries / queues);
  }
}
