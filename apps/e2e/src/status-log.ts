import { type NatsConnection, type StatusEvent, StatusStream } from '@chat-relays/bus';

/** Every change of a status that was told since it was opened. */
export class StatusLog {
  readonly told: StatusEvent[] = [];
  private heard = (): void => undefined;

  private constructor(private readonly stream: StatusStream) {}

  static async open(bus: NatsConnection): Promise<StatusLog> {
    const log = new StatusLog(new StatusStream(bus));
    await log.stream.ready();
    void log.listen();
    return log;
  }

  /** Resolves when this many events like this one have been told. */
  async hear(count: number, wanted: (event: StatusEvent) => boolean): Promise<StatusEvent[]> {
    while (this.told.filter(wanted).length < count)
      await new Promise<void>((resolve) => (this.heard = resolve));
    return this.told.filter(wanted);
  }

  close(): void {
    this.stream.close();
  }

  private async listen(): Promise<void> {
    for await (const event of this.stream) {
      this.told.push(event);
      this.heard();
    }
  }
}
