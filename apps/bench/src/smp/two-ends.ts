import { processTimes, timesBetween } from '@chat-relays/tools';
import type { Course, Result } from './contender';
import type { Received, Sent, Setting } from './end';
import { ChildEnd } from './child-end';
import type { Pass } from './tally';

const OWN_NAME = 'bench';

/** A sender and a receiver, processes of their own, between them whatever `setting` leads to. */
export class TwoEnds implements Course {
  private constructor(
    private readonly sender: ChildEnd,
    private readonly receiver: ChildEnd,
    private readonly stop: () => Promise<void>,
  ) {}

  /** @param key of the contender, for `ends.ts`. @param stop the servers between, called by close and when opening fails */
  static async open(key: string, setting: Setting, stop: () => Promise<void>): Promise<TwoEnds> {
    const course = new TwoEnds(new ChildEnd(key, 'sender'), new ChildEnd(key, 'receiver'), stop);
    try {
      const told = await course.receiver.call('open', setting);
      await course.sender.call('open', setting, told);
      return course;
    } catch (error) {
      await course.close();
      throw error;
    }
  }

  async run(pass: Pass): Promise<Result> {
    await this.receiver.call('expect', pass);
    const before = processTimes(process.pid, OWN_NAME);
    const [sent, received] = (await Promise.all([
      this.sender.call('send', pass),
      this.receiver.call('finish'),
    ])) as [Sent, Received];
    const cpu = timesBetween(before, processTimes(process.pid, OWN_NAME));
    const seconds = (Math.max(sent.ended, received.ended) - sent.began) / 1_000;
    return { counts: received.counts, seconds, cpu, notes: received.notes };
  }

  async close(): Promise<void> {
    await Promise.allSettled([this.sender.close(), this.receiver.close()]);
    await this.stop();
  }
}
