import { openDatabase } from './database';

const url = 'postgres://me:secret@db.example:5432/tea';
const opened = { query: async () => undefined, destroy: async () => undefined };
const failure = (code: string) => Object.assign(new Error(`failed with ${code}`), { code });

describe('openDatabase', () => {
  it('waits while PostgreSQL starts', async () => {
    const open = jest.fn().mockRejectedValueOnce(failure('57P03')).mockResolvedValue(opened);
    await expect(openDatabase(open, url, 5_000)).resolves.toBe(opened);
    expect(open).toHaveBeenCalledTimes(2);
  });

  it('gives up in time, in a sentence without the password', async () => {
    const open = jest.fn().mockRejectedValue(failure('ECONNREFUSED'));
    await expect(openDatabase(open, url, 300)).rejects.toThrow(
      'PostgreSQL at db.example:5432 did not answer within 0.3 s (ECONNREFUSED): start it or correct DATABASE_URL',
    );
  });

  it('does not wait for what waiting does not mend', async () => {
    const open = jest.fn().mockRejectedValue(failure('28P01'));
    await expect(openDatabase(open, url, 5_000)).rejects.toThrow('failed with 28P01');
    expect(open).toHaveBeenCalledTimes(1);
  });
});
