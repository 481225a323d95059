import { memberRequests, request, RequestFailed } from '@chat-relays/bus';
import { Client } from 'pg';
import { converges } from '../convergence';
import { Town } from '../town';

const MINUTES = 60_000;
const relays = ['relay-1'];

/** Its database is what it was before two messages came; the relay knows that it took them. */
describe('an SMP server that loses what waited for a member', () => {
  let town: Town;
  let database: Client;

  beforeAll(async () => {
    town = await Town.start();
    database = new Client({ connectionString: town.stack.databaseUrl });
    await database.connect();
  }, 5 * MINUTES);

  afterAll(async () => {
    await database.end();
    await town.stop();
  }, 5 * MINUTES);

  it(
    'is noticed by the member, who asks its relay and has everything then',
    async () => {
      const channel = await town.channel('lossy', 'paired', relays);
      await channel.relaysConfirmed();
      await channel.join(['bob']);
      await channel.membersConnected(1);
      const of = { link: await channel.link(), member: 'bob' };
      const texts = async () => (await channel.messagesOf('bob')).map(({ text }) => text);
      const gaps = () => request(town.bus, memberRequests['member.gap.list'], of);
      await channel.send(['1']);
      await converges(texts, ['1']);

      await town.fleet.kill('member-agent');
      for (const [text, jobs] of [
        ['2', 2],
        ['3', 3],
      ] as const) {
        await channel.send([text]);
        await converges(forwarded, jobs);
      }
      await town.fleet.kill('smp-members');
      await database.query('DELETE FROM smp_members.message_blocks');
      await town.fleet.restart('smp-members');
      await town.fleet.restart('member-agent');
      expect((await gaps()).gaps).toEqual([]);

      await channel.send(['4']);
      await converges(texts, ['1', '4']);
      const [{ relayLink }] = await channel.relayStatuses();
      const { gaps: found, canAsk } = await gaps();
      expect(found).toMatchObject([{ relayLink, from: 2, to: 3, others: 0 }]);
      expect(canAsk).toBe(true);
      expect(await request(town.bus, memberRequests['member.history.ask'], of)).toEqual({ relays: 1 });
      await converges(texts, ['1', '4', '2', '3']);
    },
    5 * MINUTES,
  );

  it(
    'is not asked about where a relay has one connection with each member',
    async () => {
      const channel = await town.channel('plain', 'full', relays);
      await channel.relaysConfirmed();
      await channel.join(['bob']);
      await channel.membersConnected(1);
      const of = { link: await channel.link(), member: 'bob' };
      expect((await request(town.bus, memberRequests['member.gap.list'], of)).canAsk).toBe(false);
      const asking = request(town.bus, memberRequests['member.history.ask'], of);
      await expect(asking).rejects.toThrow(RequestFailed);
      await expect(asking).rejects.toThrow(
        'the group has one connection per relay; history cannot be asked for',
      );
    },
    5 * MINUTES,
  );

  /** messages that the relay is done with */
  async function forwarded(): Promise<number> {
    const { rows } = await database.query<{ count: string }>(
      "SELECT count(*) FROM relay_1.delivery_jobs WHERE job_status = 'complete'",
    );
    return Number(rows[0].count);
  }
});
