import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Channel } from '@chat-relays/tools';
import { Client } from 'pg';
import { converges } from '../convergence';
import { Evidence } from '../evidence';
import { ServiceLog } from '../service-log';
import { TcpProxy } from '../tcp-proxy';
import { Town } from '../town';
import { peopleJoin, peopleUse, TEXTS, wholeAgain } from './aftermath';

/** What all services stand on goes away under them, and comes back. */
describe('an outage', () => {
  let town: Town;
  let evidence: Evidence;

  beforeAll(async () => {
    town = await Town.start({ LINK_CHECK_MS: '3000', LINK_POOL: '0' });
    evidence = Evidence.open(town);
  });

  afterAll(async () => {
    await evidence.close();
    await town.stop();
  });

  it('of NATS, which has forgotten everything, while relays are added', async () => {
    const channel = await created();
    for (let count = 0; count < 3; count++) await crashNats();
    await used(channel);
  });

  it('of NATS, while messages are forwarded', async () => {
    const channel = await joined();
    await channel.send(TEXTS);
    await crashNats();
    await wholeAgain(evidence, channel, TEXTS);
  });

  it('of PostgreSQL, which ends at once, while relays are added and messages are forwarded', async () => {
    const channel = await joined();
    const another = await created();
    await channel.send(TEXTS);
    const recoveries = () =>
      readFileSync(join(town.stack.folder, 'postgres.log'), 'utf8').split('automatic recovery').length;
    const before = recoveries();
    await town.stack.crash('postgres');
    expect(recoveries()).toBe(before + 1);
    await wholeAgain(evidence, channel, TEXTS);
    await used(another);
  });

  it('of the power to write: what cannot be kept is refused, what was accepted comes', async () => {
    const channel = await joined();
    await channel.send(TEXTS);
    const another = await created();
    const logs = ['relay-1', 'owner-agent', 'member-agent'].map(logOf);
    await asAdministrator('ALTER SYSTEM SET default_transaction_read_only = on', 'SELECT pg_reload_conf()');
    for (const log of logs) await log.says(/read-only transaction/);
    await expect(channel.send(['never'])).rejects.toMatchObject({ code: 'internal' });
    await asAdministrator('ALTER SYSTEM RESET default_transaction_read_only', 'SELECT pg_reload_conf()');
    await wholeAgain(evidence, channel, TEXTS);
    await used(another);
  });

  it.each(['relay-1', 'owner-agent', 'member-agent', 'smp-relays'])(
    'of the answers to COMMIT, which was done: %s',
    async (service) => {
      const proxy = await TcpProxy.start(town.stack.databaseUrl);
      await town.fleet.restart(service, { DATABASE_URL: proxy.url });
      const channel = await created();
      proxy.cutCommits(3);
      await used(channel);
      expect(proxy.unheard).toBe(3);
      await town.fleet.restart(service);
      await proxy.stop();
    },
  );

  /** Comes back when relays can be asked again. */
  async function crashNats(): Promise<void> {
    await town.stack.crash('nats');
    for (const relay of ['relay-1', 'relay-2'])
      await converges(() => evidence.ownStatuses(relay, 'none'), []);
  }

  const logOf = (service: string) => new ServiceLog(town.fleet.service(service).logFile);
  const created = () => town.channel('outage', 'paired', ['relay-1', 'relay-2']);

  const joined = async () => peopleJoin(await created());
  const used = (channel: Channel) => peopleUse(evidence, channel);

  async function asAdministrator(...statements: string[]): Promise<void> {
    const client = new Client({ connectionString: town.stack.databaseUrl });
    await client.connect();
    for (const statement of ['SET default_transaction_read_only = off', ...statements])
      await client.query(statement);
    await client.end();
  }
});
