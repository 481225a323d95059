import { connectBus, drainBus } from './connection';

const servers = process.env.NATS_URL ?? '';

describe('connectBus', () => {
  it('connects, buffers and drains', async () => {
    const connection = await connectBus({ servers, name: 'connection.spec', timeoutMs: 60_000 });
    const got: string[] = [];
    connection.subscribe('connection.spec', { callback: (_, message) => void got.push(message.string()) });
    connection.publish('connection.spec', 'hello');
    await drainBus(connection);
    expect(got).toEqual(['hello']);
    expect(connection.isClosed()).toBe(true);
    await expect(drainBus(connection)).resolves.toBeUndefined();
  });

  it('says in a sentence, without the password, that nobody answers', async () => {
    const connecting = connectBus({ servers: 'nats://me:secret@127.0.0.1:1', name: 'spec', timeoutMs: 300 });
    await expect(connecting).rejects.toThrow(
      'NATS at nats://127.0.0.1:1 did not answer within 0.3 s: start nats-server or correct NATS_URL',
    );
  });
});
