import { connectBus, type NatsConnection } from '@chat-relays/bus';
import { Arrivals } from '../arrivals';
import { Bodies } from '../body';
import { clock, type Received, type ReceivingEnd, type SendingEnd, type Sent, type Setting } from '../end';
import type { Pass } from '../tally';
import { Window } from '../window';
import { giveCredit, onCredit } from './credit';

const IN_FLIGHT = 4_000;

/** One subscription for the subjects of all queues. */
export class CoreReceiver implements ReceivingEnd {
  protected connection!: NatsConnection;
  private readonly arrivals = new Arrivals();

  async open(setting: Setting): Promise<void> {
    this.connection = await connectBus({ servers: setting.natsUrl, name: 'receiver', timeoutMs: 60_000 });
    this.subscribe(setting);
    await this.connection.flush();
  }

  async expect(pass: Pass): Promise<void> {
    this.arrivals.expect(pass);
  }

  async finish(): Promise<Received> {
    return { counts: await this.arrivals.finish(), ended: clock() };
  }

  protected subscribe({ size }: Setting): void {
    const bodies = new Bodies(size);
    this.connection.subscribe('bench.queue.*', {
      callback: (_, { data }) => this.take(bodies.queueOf(data), bodies.numberOf(data)),
    });
  }

  protected take(queue: number, number: number): void {
    const count = this.arrivals.take(queue, number);
    giveCredit(this.connection, count, this.arrivals.isComplete);
  }
}

/** One publish for each message, a subject for each queue. */
export class CoreSender implements SendingEnd {
  protected connection!: NatsConnection;
  protected bodies!: Bodies;
  private credit: (count: number) => void = () => undefined;

  async open({ natsUrl, size }: Setting): Promise<void> {
    this.bodies = new Bodies(size);
    this.connection = await connectBus({ servers: natsUrl, name: 'sender', timeoutMs: 60_000 });
    onCredit(this.connection, (count) => this.credit(count));
    await this.connection.flush();
  }

  async send(pass: Pass): Promise<Sent> {
    const window = this.windowOf(pass);
    this.credit = (count) => window.acknowledged(this.publishesOf(count, pass));
    const began = clock();
    await window.run();
    return { began, ended: clock() };
  }

  protected windowOf(pass: Pass): Window {
    return new Window(pass, IN_FLIGHT, (queue, number) =>
      this.connection.publish(`bench.queue.${queue}`, this.bodies.make(queue, number)),
    );
  }

  protected publishesOf(deliveries: number, _pass: Pass): number {
    return deliveries;
  }
}
