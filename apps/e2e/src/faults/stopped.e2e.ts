import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Channel, Fleet } from '@chat-relays/tools';
import { Client } from 'pg';
import { converges } from '../convergence';
import { Evidence } from '../evidence';
import { metricOf } from '../metrics';
import { ServiceLog } from '../service-log';
import { Town } from '../town';
import { everybodyHas, peopleJoin, peopleUse, TEXTS, wholeAgain } from './aftermath';

/** Longer than a lease of a command: another process of the same identity would go on with it. */
const LONGER_THAN_LEASES_MS = 6_000;

/** Of old objects; V8 would take gigabytes. */
const FEW_MIB = 64;

/** As a machine does that is short of memory, or paused and moved. */
describe('a process is stopped, and goes on where it stood', () => {
  let town: Town;
  let evidence: Evidence;
  let database: Client;

  beforeAll(async () => {
    town = await Town.start({ LINK_CHECK_MS: '3000', LINK_POOL: '0' });
    evidence = Evidence.open(town);
    database = new Client({ connectionString: town.stack.databaseUrl });
    await database.connect();
  });

  afterAll(async () => {
    await database.end();
    await evidence.close();
    await town.stop();
  });

  it.each(['relay-1', 'owner-agent'])('%s, with commands in its hands', async (service) => {
    const channel = await stopBusy(service);
    await sleep(LONGER_THAN_LEASES_MS);
    await town.fleet.kill(service, 'SIGCONT');
    await used(channel);
  });

  it('an SMP server, while relays are added', async () => {
    const channel = await created();
    const log = new ServiceLog(town.fleet.service('relay-1').logFile);
    await stop('smp-relays');
    await log.says(/"server":"smp-relays".*session lost/);
    await town.fleet.kill('smp-relays', 'SIGCONT');
    await used(channel);
  });

  it('in the middle of a transaction: it loses that and its locks, and does it again', async () => {
    const name = 'relay-1-in-transaction';
    await town.fleet.restart('relay-1', {
      DATABASE_URL: `${town.stack.databaseUrl}?application_name=${name}`,
    });
    const channel = await joined();
    const states = async (): Promise<string[]> => {
      const { rows } = await database.query<{ state: string }>(
        `SELECT state || coalesce(' ' || wait_event_type, '') AS state FROM pg_stat_activity
         WHERE application_name = $1 AND state <> 'idle'`,
        [name],
      );
      return rows.map(({ state }) => state);
    };
    const locker = new Client({ connectionString: town.stack.databaseUrl });
    await locker.connect();
    await locker.query('BEGIN');
    await locker.query('SELECT FROM relay_1.groups FOR UPDATE');
    await channel.send(TEXTS);
    await converges(async () => (await states()).includes('active Lock'), true);
    await stop('relay-1');
    await locker.query('COMMIT');
    await converges(
      async () => (await states()).some((state) => state.startsWith('idle in transaction')),
      true,
    );
    // its locks are gone before it is back
    await locker.query('SELECT FROM relay_1.groups FOR UPDATE');
    await locker.end();
    await town.fleet.kill('relay-1', 'SIGCONT');
    await wholeAgain(evidence, channel, TEXTS);
  });

  it.each(['relay-1', 'smp-members'])('%s stands still in its own code', async (service) => {
    const preload = join(__dirname, 'stalling.cjs');
    const stalling = { NODE_OPTIONS: `--require ${preload}`, STALL_MS: `${LONGER_THAN_LEASES_MS}` };
    await town.fleet.restart(service, stalling);
    const channel = await joined();
    const another = await created();
    const log = new ServiceLog(town.fleet.service(service).logFile);
    await channel.send(TEXTS);
    await town.fleet.kill(service, 'SIGUSR2');
    await channel.send(['meanwhile']);
    await log.says(/stalled/);
    await wholeAgain(evidence, channel, [...TEXTS, 'meanwhile']);
    await used(another);
    await town.fleet.restart(service);
  });

  it('with little more memory than it needs when nothing is to do', async () => {
    const short = ['relay-1', 'member-agent', 'smp-members'];
    const options = { NODE_OPTIONS: `--max-old-space-size=${FEW_MIB}` };
    for (const service of short) await town.fleet.restart(service, options);
    const channel = await joined();
    const texts = Array.from({ length: 50 }, (_, index) => `text ${index}`.padEnd(8_000));
    for (let at = 0; at < texts.length; at += 10) await channel.send(texts.slice(at, at + 10));
    await wholeAgain(evidence, channel, texts);
    for (const service of short) {
      expect(town.fleet.service(service).isRunning()).toBe(true);
      const collections = metricOf(town.fleet, service, 'nodejs_gc_duration_seconds_count', {
        kind: 'major',
      });
      expect([service, (await collections) >= 3]).toEqual([service, true]);
      await town.fleet.restart(service);
    }
  });

  it('while another one of the same name takes its place, is there beside it for a while, and is killed', async () => {
    const channel = await joined();
    const onboarding = await stopBusy('relay-1');
    const twin = await startTwin();
    try {
      await channel.send(TEXTS);
      await wholeAgain(evidence, channel, TEXTS);
      await onboarding.relaysConfirmed();
      const log = new ServiceLog(town.fleet.service('relay-1').logFile);
      await town.fleet.kill('relay-1', 'SIGCONT');
      await log.says(/taken over|session lost/);
      await channel.send(['both are there']);
      await everybodyHas(channel, [...TEXTS, 'both are there']);
      await twin.kill('relay-1-twin');
      await channel.send(['alone again']);
      await wholeAgain(evidence, channel, [...TEXTS, 'both are there', 'alone again']);
      await used(onboarding);
    } finally {
      await twin.stop();
    }
  });

  /** Another process with the identity and the tables of relay-1. */
  function startTwin(): Promise<Fleet> {
    const { databaseUrl, natsUrl, folder } = town.stack;
    const identity = { RELAY_NAME: 'relay-1', DATABASE_SCHEMA: 'relay_1', SMP_SERVER: 'smp-relays' };
    const env = { ...identity, LINK_CHECK_MS: '3000', RETRY_INITIAL_MS: '100', RETRY_MAX_MS: '1000' };
    const services = [{ name: 'relay-1-twin', app: 'relay-agent' as const, env }];
    return Fleet.start({ databaseUrl, natsUrl, folder, services });
  }

  const created = () => town.channel('stopped', 'paired', ['relay-1', 'relay-2']);

  async function stop(service: string): Promise<void> {
    await town.fleet.kill(service, 'SIGSTOP');
    const { pid } = town.fleet.service(service);
    await converges(async () => / T /.test(readFileSync(`/proc/${pid}/stat`, 'utf8')), true);
  }

  /** Stopped in the middle: there is a command that it has leased and not concluded. A new channel for each try. */
  async function stopBusy(service: string): Promise<Channel> {
    for (;;) {
      const channel = await created();
      await stop(service);
      const { rows } = await database.query(
        `SELECT FROM ${service.replace('-', '_')}.commands WHERE leased_until > 0`,
      );
      if (rows.length > 0) return channel;
      await town.fleet.kill(service, 'SIGCONT');
      await channel.relaysConfirmed();
    }
  }

  const joined = async () => peopleJoin(await created());
  const used = (channel: Channel) => peopleUse(evidence, channel);
});
