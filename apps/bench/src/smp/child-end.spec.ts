import { ChildEnd } from './child-end';

const nobody = { natsUrl: 'nats://127.0.0.1:1', queues: 1, size: 64 };

describe('ChildEnd', () => {
  const end = new ChildEnd('core', 'receiver');
  afterAll(() => end.close());

  it('passes on the error of its process', async () => {
    await expect(end.call('dance')).rejects.toThrow(/^receiver: .*not a function/);
  });

  it('lets nobody wait for a process that has ended', async () => {
    const opening = expect(end.call('open', nobody)).rejects.toThrow('the receiver ended with SIGKILL');
    await end.close();
    await opening;
    await expect(end.call('open', nobody)).rejects.toThrow('the receiver ended with SIGKILL');
  });
});
