import { existsSync, readFileSync } from 'node:fs';
import { connectBus, drainBus, type NatsConnection, SmpClient, smpSubjects } from '@chat-relays/bus';
import { Random, TestQueue } from '@chat-relays/simulation';
import {
  Authorizer,
  type Command,
  decodeServerHello,
  EMPTY,
  pack,
  type PrivateKey,
  realCrypto,
  writeClientTransmission,
  type Writer,
} from '@chat-relays/smp';
import { defaultTopology, Fleet, migrateApp, startLocalStack, type LocalStack } from '@chat-relays/tools';

const BATCHES = 1_000_000;
/** published before the server is asked whether it still answers */
const CHUNK = 10_000;
const SERVER = 'smp-fuzzed';
const seed = Date.now() % 2 ** 31;

/** Commands that authorize nothing new, so that memory has no reason to grow: what changes them decides the rest. */
class Batches {
  private readonly whole: readonly Buffer[];

  constructor(
    private readonly random: Random,
    queue: TestQueue,
    authorizer: Authorizer,
  ) {
    const { key, recipientId, senderId } = queue;
    const commands: [entity: Uint8Array, command: Command, key?: PrivateKey][] = [
      [EMPTY, { kind: 'PING' }],
      [recipientId, { kind: 'SUB' }, key],
      [recipientId, { kind: 'QUE' }, key],
      [recipientId, { kind: 'ACK', msgId: random.bytes(24) }, key],
      [recipientId, { kind: 'GET' }, key],
      [senderId, { kind: 'SEND', notify: true, body: random.bytes(300) }],
      [random.bytes(24), { kind: 'LGET' }],
      [random.bytes(24), { kind: 'SUB' }, key],
      [EMPTY, TestQueue.command(TestQueue.keyPair('ed25519'), TestQueue.keyPair(), { mode: 'M' }), key],
    ];
    const write = (writer: Writer, [entityId, command, by]: (typeof commands)[number]): void => {
      const corrId = random.bytes(24);
      writeClientTransmission(writer, { corrId, entityId, command, ...(by && { key: by }) }, authorizer);
    };
    this.whole = [...commands.map((one) => pack([one], write)[0]), ...pack(commands, write)];
  }

  next(): Buffer {
    const { random } = this;
    const kind = random.next();
    if (kind < 0.2) return Buffer.from(random.bytes(1 + random.below(200)));
    const batch = Buffer.from(this.whole[random.below(this.whole.length)]);
    if (kind < 0.3) return batch.subarray(0, random.below(batch.length));
    for (let changes = random.below(4); changes > 0; changes--) {
      batch[random.below(batch.length)] = random.below(256);
    }
    return batch;
  }
}

/** Resident memory of a process in MiB; undefined where there is no /proc. */
function memoryOf(pid: number): number | undefined {
  const file = `/proc/${pid}/status`;
  const found = existsSync(file) ? /VmRSS:\s+(\d+)/.exec(readFileSync(file, 'utf8')) : undefined;
  return found ? Number(found[1]) / 1_024 : undefined;
}

describe(`${BATCHES} batches of an attacker in a session of its own (seed ${seed})`, () => {
  let stack: LocalStack;
  let fleet: Fleet;
  let bus: NatsConnection;
  let client: SmpClient;

  beforeAll(async () => {
    stack = await startLocalStack({ temporary: true });
    const services = [{ ...defaultTopology()[0], name: SERVER, env: { SMP_SERVER_NAME: SERVER } }];
    const env = { SMP_PADDING: 'off' };
    fleet = await Fleet.start({ ...stack, services, migrate: migrateApp, env });
    bus = await connectBus({ servers: stack.natsUrl, name: 'million', timeoutMs: 60_000 });
    client = new SmpClient(bus, { onMessages: () => undefined, timeoutMs: 60_000 });
  });

  afterAll(async () => {
    client.close();
    await drainBus(bus);
    await fleet.stop();
    await stack.stop();
  });

  it('neither end the server nor make it grow, and are answered', async () => {
    const queue = await TestQueue.create(client, SERVER, { subscribe: false });
    const subjects = smpSubjects(SERVER);
    let answers = 0;
    bus.subscribe('fuzz.answers', { callback: () => void answers++ });
    const reply = await bus.request(subjects.hello, 'fuzz.answers');
    const hello = decodeServerHello(reply.data);
    if (!hello.ok) throw new Error(hello.error);
    const { sessionId, sessionKey } = hello.value;
    const batches = new Batches(new Random(seed), queue, new Authorizer(realCrypto, sessionId, sessionKey));
    const subject = subjects.block(Buffer.from(sessionId).toString('hex'));
    const service = fleet.service(SERVER);
    const memory: number[] = [];
    for (let sent = 0; sent < BATCHES; sent += CHUNK) {
      for (let n = 0; n < CHUNK; n++) bus.publish(subject, batches.next());
      const alive = await client.request(SERVER, { entityId: EMPTY, command: { kind: 'PING' } });
      expect(alive).toEqual({ kind: 'PONG' });
      memory.push(memoryOf(service.pid!) ?? 0);
    }
    expect(service.isRunning()).toBe(true);
    expect(answers).toBeGreaterThan(BATCHES / 10);
    const least = (from: number, to: number): number => Math.min(...memory.slice(from, to));
    const [early, late] = [least(20, 40), least(80, 100)];
    expect(late).toBeLessThan(early * 1.5 + 32);
  }, 600_000);
});
