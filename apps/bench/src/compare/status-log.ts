import { type NatsConnection, type StatusEvent, StatusStream } from '@chat-relays/bus';
import { SetupError } from '@chat-relays/tools';

/** The status events of a fleet, as they come. */
export class StatusLog {
  private told: StatusEvent[] = [];
  private heard: () => void = () => undefined;

  private constructor(private readonly stream: StatusStream) {}

  static async of(bus: NatsConnection): Promise<StatusLog> {
    const log = new StatusLog(new StatusStream(bus));
    await log.stream.ready();
    void log.listen();
    return log;
  }

  /** What was told so far is of no more use. */
  clear(): void {
    this.told = [];
  }

  /**
   * The events that are wanted, once there are so many.
   * @throws {SetupError} that says what did not come
   */
  async hear(
    what: string,
    count: number,
    wanted: (event: StatusEvent) => boolean,
    milliseconds = 60_000,
  ): Promise<StatusEvent[]> {
    const deadline = Date.now() + milliseconds;
    for (;;) {
      const found = this.told.filter(wanted);
      if (found.length >= count) return found;
      const left = deadline - Date.now();
      if (left <= 0) throw new SetupError(`${what} did not come within ${milliseconds / 1_000} s.`);
      await this.next(left);
    }
  }

  close(): void {
    this.stream.close();
  }

  private next(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.heard = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  private async listen(): Promise<void> {
    for await (const event of this.stream) {
      this.told.push(event);
      this.heard();
    }
  }
}
