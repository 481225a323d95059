import { Client } from 'pg';
import { MEMBERS, Town } from '../town';

const TEXT = 'whisper-that-no-server-may-read';
const NAME = 'secret-garden';
const SMP_SCHEMAS = ['smp_owner', 'smp_relays', 'smp_members'];

describe('a channel with a secret name and a secret text', () => {
  let town: Town;
  let database: Client;
  /** what went over the broker between agents and SMP servers */
  const sniffed: Buffer[] = [];

  beforeAll(async () => {
    town = await Town.start();
    database = new Client({ connectionString: town.stack.databaseUrl });
    await database.connect();
    town.bus.subscribe('>', {
      callback: (_, { subject, data }) => {
        // people's requests to the agents are JSON, and the owner's say the text
        if (/^(smp\.|_INBOX\.)/.test(subject) && data[0] !== 0x7b) sniffed.push(Buffer.from(data));
      },
    });
    await town.bus.flush();
    const channel = await town.channel(NAME);
    await channel.relaysConfirmed();
    await channel.join(MEMBERS);
    await channel.membersConnected(MEMBERS.length);
    await channel.send(['the first message, which says the key again']);
    await channel.arrived(MEMBERS.length);
    // so that the message has to wait in the members' queues
    await town.fleet.kill('member-agent');
    await channel.send([TEXT]);
    await waitFor(async () => (await messagesAt('smp_members')) > 0);
  });

  afterAll(async () => {
    await database.end();
    await town.stop();
  });

  it.each(SMP_SCHEMAS)('is nowhere in the database of an SMP server: %s', async (schema) => {
    for (const secret of [TEXT, NAME, 'alice', ...MEMBERS])
      expect([secret, await found(schema, secret)]).toEqual([secret, 0]);
  });

  it('is in nothing that goes over the broker', () => {
    expect(sniffed.length).toBeGreaterThan(100);
    for (const secret of [TEXT, NAME]) expect(sniffed.filter((data) => data.includes(secret)).length).toBe(0);
  });

  it('and what waits in the queues shows no length: all bodies are of one size', async () => {
    const { rows } = await database.query('SELECT added FROM smp_members.message_blocks');
    const blocks = rows.map(({ added }: { added: Buffer }) => added).filter(({ length }) => length > 0);
    const sizes = new Set(blocks.flatMap(bodySizes));
    // those that say a key are a little shorter, with what they are sealed in
    expect([...sizes].every((size) => size === 16_043 || size === 15_992)).toBe(true);
    expect(sizes.has(16_043)).toBe(true);
  });

  it('but is in the databases of agents, where this test can find it', async () => {
    expect(await found('owner_agent', NAME)).toBeGreaterThan(0);
    await town.fleet.restart('member-agent');
    await waitFor(async () => (await found('member_agent', TEXT)) === MEMBERS.length);
  });

  async function messagesAt(schema: string): Promise<number> {
    const { rows } = await database.query(
      `SELECT count(*) AS count FROM ${schema}.message_blocks WHERE length(added) > 16000`,
    );
    return Number((rows[0] as { count: string }).count);
  }

  /** In how many values of a schema these bytes are. */
  async function found(schema: string, secret: string): Promise<number> {
    const columns = await database.query(
      `SELECT table_name AS "table", column_name AS "column", data_type AS type
       FROM information_schema.columns WHERE table_schema = $1 AND table_name <> 'migrations'`,
      [schema],
    );
    let count = 0;
    for (const { table, column, type } of columns.rows as Record<'table' | 'column' | 'type', string>[]) {
      const value = type === 'bytea' ? `"${column}"` : `convert_to("${column}"::text, 'UTF8')`;
      const { rows } = await database.query(
        `SELECT count(*) AS count FROM ${schema}.${table} WHERE position($1::bytea IN ${value}) > 0`,
        [Buffer.from(secret)],
      );
      count += Number((rows[0] as { count: string }).count);
    }
    return count;
  }
});

/** Of each message in a block: after 65 bytes and the trace comes the length of its body (message-block.ts). */
function bodySizes(block: Buffer): number[] {
  const sizes: number[] = [];
  for (let at = 0; at < block.length;) {
    const trace = at + 65;
    const body = trace + 1 + block[trace];
    const size = block.readUInt16BE(body);
    sizes.push(size);
    at = body + 2 + size;
  }
  return sizes;
}

async function waitFor(condition: () => Promise<boolean>): Promise<void> {
  for (let look = 0; look < 300; look++) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('the message never came to where it was awaited');
}
