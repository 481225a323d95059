import { setTimeout as sleep } from 'node:timers/promises';
import type { Channel } from '@chat-relays/tools';
import { converges } from '../convergence';
import { Evidence } from '../evidence';
import { ServiceLog } from '../service-log';
import { TcpProxy, type Way } from '../tcp-proxy';
import { Town } from '../town';
import { everybodyHas, PEOPLE, TEXTS, wholeAgain } from './aftermath';

/** A wire is cut while a relay is added, members join and messages are forwarded; the other relay serves meanwhile. */
describe('a partition', () => {
  let town: Town;
  let evidence: Evidence;
  let relayToNats: TcpProxy;
  let relayToDatabase: TcpProxy;
  let smpToNats: TcpProxy;

  beforeAll(async () => {
    town = await Town.start({ LINK_CHECK_MS: '3000', LINK_POOL: '0' });
    evidence = Evidence.open(town);
    relayToNats = await TcpProxy.start(town.stack.natsUrl);
    relayToDatabase = await TcpProxy.start(town.stack.databaseUrl);
    smpToNats = await TcpProxy.start(town.stack.natsUrl);
    await town.fleet.restart('relay-1', { NATS_URL: relayToNats.url, DATABASE_URL: relayToDatabase.url });
    await town.fleet.restart('smp-members', { NATS_URL: smpToNats.url });
  });

  afterAll(async () => {
    await evidence.close();
    await town.stop();
    await Promise.all([relayToNats, relayToDatabase, smpToNats].map((proxy) => proxy.stop()));
  });

  it.each<[string, ...Way[]]>([
    ['both ways', 'up', 'down'],
    ['of what it says', 'up'],
    ['of what it hears', 'down'],
  ])('of a relay and NATS, %s', async (_, ...ways) => {
    const log = logOf('relay-1');
    const channel = await town.channel('cut-off', 'paired', ['relay-1', 'relay-2']);
    relayToNats.hold(...ways);
    await log.says(/session lost/);
    await usedMeanwhile(channel);
    expect(relayToNats.held).toBeGreaterThan(0);
    relayToNats.release();
    await wholeAgain(evidence, channel, TEXTS);
  });

  it('of a relay and NATS, that comes and goes', async () => {
    const channel = await town.channel('cut-off', 'paired', ['relay-1', 'relay-2']);
    const used = usedMeanwhile(channel);
    for (let count = 0; count < 10; count++) {
      const before = relayToNats.held;
      relayToNats.hold('up', 'down');
      await converges(async () => relayToNats.held > before, true);
      await sleep(100 * count);
      relayToNats.release();
      if (count % 4 === 0) relayToNats.cut();
    }
    await used;
    await wholeAgain(evidence, channel, TEXTS);
  });

  it('of a relay and PostgreSQL', async () => {
    const log = logOf('relay-1');
    const channel = await town.channel('cut-off', 'paired', ['relay-1', 'relay-2']);
    relayToDatabase.hold('up', 'down');
    await usedMeanwhile(channel);
    expect(relayToDatabase.held).toBeGreaterThan(0);
    relayToDatabase.refuse();
    relayToDatabase.release();
    await log.says(/"on":"database"/);
    relayToDatabase.accept();
    await wholeAgain(evidence, channel, TEXTS);
  });

  it("of the members' SMP server and NATS", async () => {
    const channel = await town.channel('cut-off', 'paired', ['relay-1', 'relay-2']);
    await channel.relaysConfirmed();
    await channel.join(PEOPLE);
    await channel.membersConnected(PEOPLE.length);
    const log = logOf('relay-2');
    smpToNats.hold('up', 'down');
    await channel.send(TEXTS);
    await log.says(/"server":"smp-members".*session lost/);
    expect(smpToNats.held).toBeGreaterThan(0);
    smpToNats.release();
    await wholeAgain(evidence, channel, TEXTS);
  });

  it('during which a relay is removed: it serves nobody when it is back', async () => {
    const channel = await town.channel('cut-off', 'paired', ['relay-1', 'relay-2']);
    await channel.relaysConfirmed();
    await channel.join(PEOPLE);
    await channel.membersConnected(PEOPLE.length);
    const link = await channel.link();
    const before = relayToNats.held;
    relayToNats.hold('up', 'down');
    await channel.removeRelay('relay-1');
    await channel.relayIs('relay-1', 'Removed');
    await channel.send(TEXTS);
    await everybodyHas(channel, TEXTS);
    await converges(async () => relayToNats.held > before, true);
    relayToNats.release();
    await converges(() => evidence.ownStatuses('relay-1', link), ['Removed']);
    await wholeAgain(evidence, channel, TEXTS);
  });

  const logOf = (service: string) => new ServiceLog(town.fleet.service(service).logFile);

  /** By way of the relay that is not cut off. */
  async function usedMeanwhile(channel: Channel): Promise<void> {
    await channel.relayIs('relay-2', 'Confirmed');
    await channel.join(PEOPLE);
    await channel.send(TEXTS);
    await everybodyHas(channel, TEXTS);
  }
});
