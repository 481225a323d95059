import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { temporaryDataFolder } from './data-folder';
import { startPostgres, type LocalPostgres } from './local-postgres';
import { isRunning, signalProcess, waitGone, type ProcessMark } from './process-identity';

describe('a local PostgreSQL', () => {
  let folder: string;
  let postgres: LocalPostgres;
  const query = async (text: string): Promise<unknown[][]> => {
    const client = new Client({ connectionString: postgres.url });
    await client.connect();
    const { rows } = await client.query<unknown[]>({ text, rowMode: 'array' });
    await client.end();
    return rows;
  };
  const server = (): ProcessMark =>
    (JSON.parse(readFileSync(join(folder, 'postgres.json'), 'utf8')) as { server: ProcessMark }).server;

  beforeAll(async () => {
    folder = temporaryDataFolder();
    postgres = await startPostgres(folder);
  });
  afterAll(async () => {
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is durable, and reached over loopback with a password only', async () => {
    expect(await query(`select current_setting('fsync'), current_setting('synchronous_commit')`)).toEqual([
      ['on', 'on'],
    ]);
    expect(
      await query(`select current_setting('listen_addresses'), current_setting('unix_socket_directories')`),
    ).toEqual([['127.0.0.1', '']]);
    const stranger = new Client({ connectionString: postgres.url.replace(/:[^:@]+@/, ':guess@') });
    await expect(stranger.connect()).rejects.toThrow('password authentication failed');
  });

  it('keeps what was committed when the server is killed, and starts over a stale lock file', async () => {
    await query('create table kept as select 42 as answer');
    const killed = server();
    signalProcess(killed.pid, 'SIGKILL');
    await waitGone(killed, 60_000);
    // The lock names a process that lives, as it does when the id was given away again.
    const lock = join(folder, 'postgres', 'postmaster.pid');
    writeFileSync(lock, readFileSync(lock, 'utf8').replace(/^\d+/, String(process.pid)));
    postgres = await startPostgres(folder);
    expect(await query('select answer from kept')).toEqual([[42]]);
  });

  it('puts an end to a server that an earlier run left behind', async () => {
    const left = server();
    postgres = await startPostgres(folder);
    expect(isRunning(left)).toBe(false);
    expect(await query('select answer from kept')).toEqual([[42]]);
  });

  it('has ended when stop comes back', async () => {
    const stopped = server();
    await postgres.stop();
    expect(isRunning(stopped)).toBe(false);
    postgres = await startPostgres(folder);
  });
});
