import { readFileSync } from 'node:fs';
import { controlPlane } from '@chat-relays/bus';
import { Random } from '@chat-relays/simulation';
import { metricOf } from '../metrics';
import { MEMBERS, RELAYS, Town } from '../town';

const PAYLOADS = 10_000;
const LARGEST = 64 * 1024;
const SMP_SERVERS = ['smp-owner', 'smp-relays', 'smp-members'];
/** fits a socket's and a reader's patience; the broker would cut off a client that is too slow */
const BLOCK = 2_500;
const UNKNOWN_SESSION = 'ab'.repeat(32);
/** stands for one that the server gave us */
const OUR_SESSION = '<session>';

/** in many payloads; logs must not have it */
const CONTENT = 'what-nobody-may-log!';

const seed = Date.now() % 2 ** 31;

/** Every subject that a service listens to, by the service. A relay's own name stands for the `*`. */
function subjects(): [service: string, subject: string][] {
  const requests = Object.values(controlPlane).flatMap(({ service, subject }): [string, string][] =>
    subject.includes('*')
      ? (service === 'smp-server' ? SMP_SERVERS.slice(0, 1) : RELAYS).map((name) => [name, subject])
      : [[service, subject]],
  );
  const data = SMP_SERVERS.flatMap((server): [string, string][] => [
    [server, `smp.${server}.hello`],
    [server, `smp.${server}.block.${UNKNOWN_SESSION}`],
    [server, `smp.${server}.block.${OUR_SESSION}`],
  ]);
  return [...requests, ...data];
}

describe(`random payloads (seed ${seed})`, () => {
  let town: Town;
  const random = new Random(seed);

  beforeAll(async () => {
    town = await Town.start();
  });

  afterAll(() => town.stop());

  it.each(subjects())(`%s survives ${PAYLOADS} on %s, and counts them`, async (service, listed) => {
    const subject = listed.includes(OUR_SESSION) ? await inOurSession(service) : listed.replace('*', service);
    const before = await counted(service, listed);
    for (let sent = 0; sent < PAYLOADS; sent += BLOCK) {
      for (let n = 0; n < BLOCK; n++) town.bus.publish(subject, payload(), { reply: 'nobody.listens' });
      await town.bus.flush();
      await settled(service, listed, before + sent + BLOCK);
    }
    expect((await counted(service, listed)) - before).toBe(PAYLOADS);
    expect(town.fleet.service(service).isRunning()).toBe(true);
    const log = readFileSync(town.fleet.service(service).logFile, 'utf8');
    const told = listed.startsWith('smp.') ? 'payload rejected' : `"${listed}"`;
    expect(log.split('\n').filter((line) => line.includes(told)).length).toBeGreaterThanOrEqual(PAYLOADS);
    expect(log.includes(CONTENT)).toBe(false);
  });

  it('clients survive them on what servers announce and answer', async () => {
    for (const server of SMP_SERVERS) {
      for (let n = 0; n < 100; n++) town.bus.publish(`smp.${server}.up`, payload());
      await town.bus.flush();
    }
    for (const name of town.fleet.names) expect(town.fleet.service(name).isRunning()).toBe(true);
  });

  it('and the channel works afterwards', async () => {
    const channel = await town.channel('after');
    await channel.relaysConfirmed();
    await channel.join(MEMBERS);
    await channel.membersConnected(MEMBERS.length);
    await channel.send(['still here']);
    const status = await channel.arrived(MEMBERS.length);
    expect(status.received).toBe(MEMBERS.length);
  });

  /** 0 bytes to 64 KB, small ones more often; some begin like a request or a block. None is one: each ends in a 0. */
  function payload(): Uint8Array {
    const size = Math.floor(LARGEST ** random.next()) - 1;
    if (size === 0) return Buffer.alloc(0);
    const whole = Buffer.alloc(size, random.bytes(Math.min(size, 64)));
    if (random.chance(0.2)) whole.write('{"', 0, 'latin1');
    if (size > 3 && size !== 258 && random.chance(0.2)) whole.set([1, 0, 255], 0);
    if (size > 2 * CONTENT.length) whole.write(CONTENT, CONTENT.length / 2, 'latin1');
    whole[size - 1] = 0;
    return whole;
  }

  async function inOurSession(server: string): Promise<string> {
    const { data } = await town.bus.request(`smp.${server}.hello`, '_INBOX.fuzz');
    return `smp.${server}.block.${Buffer.from(data).toString('hex')}`;
  }

  /** How many payloads on this subject the service has refused so far, whatever the reason. */
  async function counted(service: string, subject: string): Promise<number> {
    return subject.startsWith('smp.')
      ? metricOf(town.fleet, service, 'chat_relays_smp_rejected_total')
      : metricOf(town.fleet, service, 'chat_relays_requests_total', { subject });
  }

  async function settled(service: string, subject: string, count: number): Promise<void> {
    for (let look = 0; look < 200 && (await counted(service, subject)) < count; look++) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
});
