import { connect } from '@nats-io/transport-node';
import { Client } from 'pg';
import { toolsConfig } from './config';

describe('the stack that jest brings up', () => {
  it('has a PostgreSQL that answers', async () => {
    const client = new Client({ connectionString: toolsConfig().databaseUrl });
    await client.connect();
    expect((await client.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
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
