import { connectBus, type NatsConnection } from '@chat-relays/bus';
import {
  AckPolicy,
  jetstream,
  type JetStreamClient,
  jetstreamManager,
  RetentionPolicy,
  StorageType,
} from '@nats-io/jetstream';
import { Arrivals } from '../arrivals';
import { Bodies } from '../body';
import { clock, type Received, type ReceivingEnd, type SendingEnd, type Sent, type Setting } from '../end';
import type { Pass } from '../tally';
import { Window } from '../window';

const STREAM = 'bench';
const CONSUMER = 'receiver';
const SUBJECT = 'bench.queue';
/** publishes that wait for their acknowledgement */
const PUBLISHES_IN_FLIGHT = 256;
/** messages that the consumer asks for at a time, and that it may have without having acknowledged them */
const DELIVERIES_IN_FLIGHT = 4_000;

/** One durable pull consumer of all queues; every message is acknowledged, and leaves the stream then. */
export class JetStreamReceiver implements ReceivingEnd {
  private connection!: NatsConnection;
  private readonly arrivals = new Arrivals();

  async open({ natsUrl, size }: Setting): Promise<void> {
    const bodies = new Bodies(size);
    this.connection = await connectBus({ servers: natsUrl, name: 'receiver', timeoutMs: 60_000 });
    await makeStream(this.connection);
    const consumer = await jetstream(this.connection).consumers.get(STREAM, CONSUMER);
    await consumer.consume({
      max_messages: DELIVERIES_IN_FLIGHT,
      callback: (message) => {
        const { data } = message;
        message.ack();
        this.arrivals.take(bodies.queueOf(data), bodies.numberOf(data));
      },
    });
  }

  async expect(pass: Pass): Promise<void> {
    this.arrivals.expect(pass);
  }

  async finish(): Promise<Received> {
    const counts = await this.arrivals.finish();
    // when the server has answered this, it has the acknowledgements that went before
    await this.connection.flush();
    return { counts, ended: clock() };
  }
}

async function makeStream(connection: NatsConnection): Promise<void> {
  const manager = await jetstreamManager(connection);
  await manager.streams.add({
    name: STREAM,
    subjects: [`${SUBJECT}.*`],
    storage: StorageType.File,
    retention: RetentionPolicy.Workqueue,
  });
  await manager.consumers.add(STREAM, {
    durable_name: CONSUMER,
    ack_policy: AckPolicy.Explicit,
    max_ack_pending: DELIVERIES_IN_FLIGHT,
  });
}

/** A subject for each queue; every publish is acknowledged by the stream. */
export class JetStreamSender implements SendingEnd {
  private connection!: NatsConnection;
  private client!: JetStreamClient;
  private bodies!: Bodies;

  async open({ natsUrl, size }: Setting): Promise<void> {
    this.bodies = new Bodies(size);
    this.connection = await connectBus({ servers: natsUrl, name: 'sender', timeoutMs: 60_000 });
    this.client = jetstream(this.connection);
  }

  async send(pass: Pass): Promise<Sent> {
    let acknowledged = 0;
    let fail: (error: Error) => void;
    const failed = new Promise<never>((_, reject) => (fail = reject));
    const window = new Window(pass, PUBLISHES_IN_FLIGHT, (queue, number) => {
      this.client
        .publish(`${SUBJECT}.${queue}`, this.bodies.make(queue, number))
        .then(() => window.acknowledged(++acknowledged), fail);
    });
    const began = clock();
    await Promise.race([window.run(), failed]);
    return { began, ended: clock() };
  }
}
