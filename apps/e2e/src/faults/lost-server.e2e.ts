import type { Channel } from '@chat-relays/tools';
import { Client } from 'pg';
import { converges } from '../convergence';
import { Evidence } from '../evidence';
import { metricOf } from '../metrics';
import { ServiceLog } from '../service-log';
import { Town } from '../town';
import { PEOPLE, TEXTS, wholeAgain } from './aftermath';

const LATER = ['text 6', 'text 7'];
const LAST = ['text 8', 'text 9'];

/** Bob's queues are at one server, Cath's at another one. */
describe('an SMP server is lost for good', () => {
  let town: Town;
  let evidence: Evidence;
  let database: Client;
  let channel: Channel;

  beforeAll(async () => {
    town = await Town.start({ LINK_CHECK_MS: '3000', LINK_POOL: '0' });
    evidence = Evidence.open(town);
    database = new Client({ connectionString: town.stack.databaseUrl });
    await database.connect();
    channel = await town.channel('lost', 'paired', ['relay-1', 'relay-2']);
    await channel.relaysConfirmed();
    await channel.join(['bob']);
    await channel.membersConnected(1);
    await town.fleet.restart('member-agent', { SMP_SERVER: 'smp-owner' });
    await channel.join(['cath']);
    await channel.membersConnected(PEOPLE.length);
  });

  afterAll(async () => {
    await database.end();
    await evidence.close();
    await town.stop();
  });

  it('members elsewhere have everything, those of the lost one are waited for ever more rarely', async () => {
    const log = new ServiceLog(town.fleet.service('relay-1').logFile);
    await town.fleet.kill('smp-members');
    await channel.send(TEXTS);
    await log.says(/"server":"smp-members".*session lost/);
    await converges(() => has('cath'), TEXTS);
    // one page after the other, whoever of it is away
    for (const text of LATER) {
      await channel.send([text]);
      await converges(async () => (await has('cath')).includes(text), true);
    }
    expect(await has('bob')).toEqual([]);
    for (const relay of ['relay-1', 'relay-2']) {
      await converges(async () => (await waitingFor(relay)).length, 1);
      await converges(async () => (await waitingFor(relay))[0].tries > 8, true);
      // one row for it, however often it is tried, and no command
      await converges(() => evidence.unfinished(relay), 1);
      expect(await commands(relay)).toBe(0);
      await converges(async () => (await waitingFor(relay))[0].wait > 200, true);
    }
    expect(await metricOf(town.fleet, 'relay-1', 'chat_relays_sends_total', { result: 'gone' })).toBe(0);
  });

  it('an empty one takes its place: its members are gone, and have everything when they join again', async () => {
    await evidence.empty('smp-members');
    await town.fleet.restart('smp-members');
    for (const relay of ['relay-1', 'relay-2']) {
      const gone = () => metricOf(town.fleet, relay, 'chat_relays_sends_total', { result: 'gone' });
      await converges(gone, 1);
      await converges(() => evidence.unfinished(relay), 0);
    }
    await channel.send(LAST.slice(0, 1));
    await converges(() => has('cath'), [...TEXTS, ...LATER, ...LAST.slice(0, 1)]);
    expect(await has('bob')).toEqual([]);
    await channel.join(['bob'], { anew: true });
    await channel.membersConnected(PEOPLE.length);
    await channel.send(LAST.slice(1));
    await wholeAgain(evidence, channel, [...TEXTS, ...LATER, ...LAST]);
  });

  const has = async (member: string) => (await channel.messagesOf(member)).map(({ text }) => text);

  /** Members that are behind: how often they were tried, and for how long they are not tried again, in ms. */
  async function waitingFor(relay: string): Promise<{ tries: number; wait: number }[]> {
    const { rows } = await database.query<{ tries: number; wait: string }>(
      `SELECT tries, retry_at - extract(epoch FROM now()) * 1000 AS wait FROM ${relay.replace('-', '_')}.group_members
       WHERE behind_job IS NOT NULL`,
    );
    return rows.map(({ tries, wait }) => ({ tries, wait: Number(wait) }));
  }

  async function commands(relay: string): Promise<number> {
    const { rows } = await database.query<{ count: string }>(
      `SELECT count(*) FROM ${relay.replace('-', '_')}.commands`,
    );
    return Number(rows[0].count);
  }
});
