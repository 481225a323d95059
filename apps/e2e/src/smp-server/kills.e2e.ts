import { connectBus, drainBus, type NatsConnection, SmpClient } from '@chat-relays/bus';
import { type IncomingMessage, TemporaryError } from '@chat-relays/agent';
import { TestQueue } from '@chat-relays/simulation';
import { bytesKey } from '@chat-relays/smp';
import { defaultTopology, Fleet, migrateApp, startLocalStack, type LocalStack } from '@chat-relays/tools';

const KILLS = 50;
const QUEUES = 20;
const SERVER = 'smp-killed';

/** One queue, its sender and its recipient, and what each of them was told. */
class Conversation {
  /** numbers that were answered OK */
  accepted = 0;
  /** SENDs, of which some were tried again */
  tries = 0;
  /** in the order of arrival, repeats of a message that was not acknowledged left out */
  readonly numbers: number[] = [];
  readonly wrong: string[] = [];
  private readonly seen = new Set<string>();
  /** messages of which the server said that they are acknowledged */
  private readonly acknowledged = new Set<string>();
  acknowledgements = 0;

  constructor(
    private readonly client: SmpClient,
    readonly queue: TestQueue,
  ) {}

  /** One number after the other; each is tried until the server says OK. */
  async send(isOver: () => boolean): Promise<void> {
    for (let number = 1; !isOver(); number++) {
      const body = Buffer.from(`${number}`.padStart(1_024));
      await this.untilAnswered(() => this.client.request(SERVER, this.sending(body)));
      this.accepted = number;
    }
  }

  private sending(body: Buffer) {
    this.tries++;
    return { entityId: this.queue.senderId, command: { kind: 'SEND', notify: false, body } as const };
  }

  async take(message: IncomingMessage): Promise<void> {
    const msgId = bytesKey(message.msgId);
    if (this.acknowledged.has(msgId)) this.wrong.push('a message came again after the server had its ACK');
    if (!this.seen.has(msgId)) {
      this.seen.add(msgId);
      this.numbers.push(Number(this.queue.text(message)));
    }
    const response = await this.client
      .request(SERVER, {
        entityId: this.queue.recipientId,
        command: { kind: 'ACK', msgId: message.msgId },
        key: this.queue.key,
      })
      // the session is lost: the message comes again, unless the server had the ACK
      .catch(() => undefined);
    if (!response || response.kind === 'ERR') return;
    this.acknowledged.add(msgId);
    this.acknowledgements++;
  }

  private async untilAnswered(ask: () => ReturnType<SmpClient['request']>): Promise<void> {
    for (;;) {
      try {
        const response = await ask();
        if (response.kind === 'OK') return;
        if (response.kind !== 'ERR' || response.error !== 'QUOTA')
          throw new Error(`SEND: ${JSON.stringify(response)}`);
      } catch (error) {
        if (!(error instanceof TemporaryError)) throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Every accepted number is there, and in order; one that was tried twice may be there twice. */
  check(): string[] {
    const different = new Set(this.numbers);
    const missing = Array.from({ length: this.accepted }, (_, index) => index + 1).filter(
      (n) => !different.has(n),
    );
    if (missing.length > 0) this.wrong.push(`lost ${missing.length}: ${missing.slice(0, 5).join(', ')} …`);
    if (this.numbers.some((number, at) => at > 0 && number < this.numbers[at - 1]))
      this.wrong.push('out of order');
    return this.wrong;
  }
}

describe(`an SMP server that is killed ${KILLS} times under load`, () => {
  let stack: LocalStack;
  let fleet: Fleet;
  let bus: NatsConnection;
  let client: SmpClient;
  const conversations = new Map<string, Conversation>();

  beforeAll(async () => {
    stack = await startLocalStack({ temporary: true });
    const services = [{ ...defaultTopology()[0], name: SERVER, env: { SMP_SERVER_NAME: SERVER } }];
    const env = { SMP_PADDING: 'off' };
    fleet = await Fleet.start({ ...stack, services, migrate: migrateApp, env });
    bus = await connectBus({ servers: stack.natsUrl, name: 'kills', timeoutMs: 60_000 });
    client = new SmpClient(bus, {
      backOffMs: { first: 10, last: 100 },
      timeoutMs: 2_000,
      onMessages: (messages) => {
        for (const message of messages) void conversations.get(bytesKey(message.recipientId))?.take(message);
      },
    });
  });

  afterAll(async () => {
    client.close();
    await drainBus(bus);
    await fleet.stop();
    await stack.stop();
  });

  it('loses nothing that got OK, repeats nothing that was acknowledged, and keeps the order', async () => {
    const queues = await Promise.all(
      Array.from({ length: QUEUES }, () => TestQueue.create(client, SERVER, { subscribe: false })),
    );
    for (const queue of queues) {
      conversations.set(bytesKey(queue.recipientId), new Conversation(client, queue));
    }
    await client.subscribe(SERVER, queues);
    let over = false;
    const sending = [...conversations.values()].map((one) => one.send(() => over));
    const total = () => [...conversations.values()].reduce((sum, { accepted }) => sum + accepted, 0);
    for (let kills = 0; kills < KILLS; kills++) {
      const before = total();
      // in the middle of work: some messages after each start, never the same number
      while (total() < before + 50 + ((kills * 37) % 200))
        await new Promise((resolve) => setTimeout(resolve, 2));
      await fleet.kill(SERVER);
      await fleet.restart(SERVER);
    }
    over = true;
    await Promise.all(sending);
    const all = [...conversations.values()];
    const isDrained = () => all.every(({ numbers, accepted }) => numbers.at(-1) === accepted);
    for (let look = 0; look < 500 && !isDrained(); look++)
      await new Promise((resolve) => setTimeout(resolve, 20));
    expect(all.flatMap((one) => one.check())).toEqual([]);
    // the kills came in the middle: some SENDs had to be tried again, and acknowledgements were answered
    expect(all.reduce((sum, { tries, accepted }) => sum + tries - accepted, 0)).toBeGreaterThan(0);
    expect(all.every(({ acknowledgements }) => acknowledgements > 0)).toBe(true);
    expect(total()).toBeGreaterThan(KILLS * 50);
  }, 600_000);
});
