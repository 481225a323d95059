import { chatConfig } from './config';

describe('chatConfig', () => {
  it('is where the services listen', () => {
    expect(chatConfig({ NATS_URL: 'nats://127.0.0.1:4222' })).toEqual({ natsUrl: 'nats://127.0.0.1:4222' });
  });

  it('says what to do when nothing runs or the address is none', () => {
    expect(chatConfig({ NATS_URL: '' })).toEqual({ problem: expect.stringContaining('npm start -- --keep') });
    expect(chatConfig({ NATS_URL: 'localhost' })).toEqual({
      problem: expect.stringContaining('"localhost"'),
    });
  });
});
