import { join } from 'node:path';
import { Client } from 'pg';
import { converges } from '../convergence';
import { Evidence } from '../evidence';
import { Town } from '../town';
import { PEOPLE, TEXTS, wholeAgain } from './aftermath';

const HOUR_MS = 3_600_000;
/** After the 19th of January 2038, when seconds no longer fit into 32 bits. */
const TO_2039_MS = 13 * 365 * 24 * HOUR_MS;

describe('a wrong clock', () => {
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

  it.each([
    ['relay-1', TO_2039_MS],
    ['owner-agent', -HOUR_MS],
    ['smp-relays', HOUR_MS],
  ])('%s is %d ms ahead of the others, and then set right', async (service, shiftMs) => {
    await town.fleet.restart(service, shifted(shiftMs));
    await used();
    await town.fleet.kill(service, 'SIGUSR2');
    await used();
    await town.fleet.restart(service);
  });

  it.each([TO_2039_MS, HOUR_MS])(
    'a relay is killed while it is %d ms ahead: what it held is done when it is back in its time',
    async (shiftMs) => {
      await town.fleet.restart('relay-1', { ...shifted(shiftMs), FAILPOINT: 'relay.9.NEW.after-execute:1' });
      const channel = await town.channel('ahead', 'paired', ['relay-1', 'relay-2']);
      await town.fleet.service('relay-1').ended();
      await converges(() => heldAfter(Date.now() + HOUR_MS / 2), true);
      await town.fleet.restart('relay-1');
      await used(channel);
    },
  );

  function shifted(shiftMs: number): Record<string, string> {
    const preload = join(__dirname, 'shifted-clock.cjs');
    return { NODE_OPTIONS: `--require ${preload}`, CLOCK_SHIFT_MS: String(shiftMs) };
  }

  /** The relay has leased a command until after this moment. */
  async function heldAfter(moment: number): Promise<boolean> {
    const client = new Client({ connectionString: town.stack.databaseUrl });
    await client.connect();
    const { rows } = await client.query('SELECT FROM relay_1.commands WHERE leased_until > $1', [moment]);
    await client.end();
    return rows.length > 0;
  }

  async function used(given?: Awaited<ReturnType<Town['channel']>>): Promise<void> {
    const channel = given ?? (await town.channel('clocks', 'paired', ['relay-1', 'relay-2']));
    await channel.relaysConfirmed();
    await channel.join(PEOPLE);
    await channel.send(TEXTS);
    await wholeAgain(evidence, channel, TEXTS);
  }
});
