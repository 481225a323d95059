import { connect } from '@nats-io/transport-node';
import { Client } from 'pg';
import { toolsConfig } from './config';

describe('the stack that jest brings up', () => {
  it('has a PostgreSQL that is durable', async () => {
    const client = new Client({ connectionString: toolsConfig().databaseUrl });
    await client.connect();
    const setting = async (name: string): Promise<string> =>
      (await client.query<Record<string, string>>(`show ${name}`)).rows[0][name];
    expect(await setting('fsync')).toBe('on');
    expect(await setting('synchronous_commit')).toBe('on');
    await client.end();
  });

  it('has a NATS that carries a message', async () => {
    const connection = await connect({ servers: toolsConfig().natsUrl });
    const subscription = connection.subscribe('tools.spec', { max: 1 });
    connection.publish('tools.spec', 'hello');
    const heard: string[] = [];
    for await (const message of subscription) heard.push(message.string());
    expect(heard).toEqual(['hello']);
    await connection.close();
  });
});
