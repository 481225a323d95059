import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { isReachableByOthers } from './data-folder';
import { freePort } from './free-port';
import { lastLines } from './log-file';
import { postgresBinaries, type PostgresBinaries } from './postgres-binaries';
import { isRunning, markOf, signalProcess, waitGone, type ProcessMark } from './process-identity';
import { SetupError } from './setup-error';
import { rank, Warden } from './warden';

const role = 'chat_relays';
const database = 'chat_relays';
const startMilliseconds = 120_000;

/** A PostgreSQL that can be used now. */
export interface LocalPostgres {
  url: string;
  /** Ends it at once, as a crash would (`pg_ctl stop -m immediate`), and starts it again at the same address. */
  crash(): Promise<void>;
  stop(): Promise<void>;
}

/** What we remember of a server beside its files. */
interface PostgresNote {
  password: string;
  server?: ProcessMark;
}

/**
 * Starts a private PostgreSQL on `folder`: loopback TCP on a free port, a random password kept beside the files,
 * durable as any server is. Files of an earlier run are taken up again.
 */
export async function startPostgres(folder: string): Promise<LocalPostgres> {
  const binaries = postgresBinaries();
  if (binaries.user && !isReachableByOthers(folder)) {
    throw new SetupError(
      `PostgreSQL refuses to run as root and no other user can enter ${folder}: name another folder with CHAT_RELAYS_DATA.`,
    );
  }
  const cluster = new Cluster(folder, binaries);
  await stopLeftOver(folder);
  cluster.initialise();
  return cluster.start();
}

/** A server whose launcher was killed together with its warden may still hold the files of this folder. */
export async function stopLeftOver(folder: string): Promise<void> {
  const server = readNote(join(folder, 'postgres.json'))?.server;
  if (server && isRunning(server)) {
    signalProcess(server.pid, 'SIGINT');
    if (!(await waitGone(server, 10_000))) {
      throw new SetupError(
        `A PostgreSQL of an earlier run (process ${server.pid}) does not end: kill it and start again.`,
      );
    }
  }
  // Another process of the same user may have got the dead server's id, which PostgreSQL would mistake for it.
  rmSync(join(folder, 'postgres', 'postmaster.pid'), { force: true });
}

function readNote(file: string): PostgresNote | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as PostgresNote;
  } catch {
    return undefined;
  }
}

class Cluster {
  private readonly files: string;
  private readonly noteFile: string;
  private readonly log: string;

  constructor(
    private readonly folder: string,
    private readonly binaries: PostgresBinaries,
  ) {
    this.files = join(folder, 'postgres');
    this.noteFile = join(folder, 'postgres.json');
    this.log = join(folder, 'postgres.log');
  }

  initialise(): void {
    if (existsSync(this.files) && this.readNote()) return;
    const half = `${this.files}.new`;
    for (const path of [this.files, half]) rmSync(path, { recursive: true, force: true });
    const password = randomBytes(18).toString('base64url');
    this.makeFolder(half);
    const passwordFile = join(this.folder, 'postgres.password');
    writeFileSync(passwordFile, password, { mode: 0o600 });
    this.giveAway(passwordFile);
    const made = spawnSync(
      this.binaries.initdb,
      [
        '-D',
        half,
        '-U',
        role,
        '--auth=scram-sha-256',
        `--pwfile=${passwordFile}`,
        '--encoding=UTF8',
        '--locale=C',
        '--no-sync',
      ],
      { ...this.spawnOptions(), encoding: 'utf8', stdio: 'pipe' },
    );
    rmSync(passwordFile);
    if (made.status !== 0) throw cannotRun(made.error, `${made.stdout ?? ''}${made.stderr ?? ''}`);
    renameSync(half, this.files);
    this.writeNote({ password });
  }

  async start(): Promise<LocalPostgres> {
    const { password } = this.readNote() as PostgresNote;
    for (let attempt = 1; ; attempt++) {
      const port = await freePort();
      let server = this.spawnServer(port);
      const url = (name: string): string => `postgres://${role}:${password}@127.0.0.1:${port}/${name}`;
      const outcome = await ready(server, url('postgres'));
      if (outcome === 'ready') {
        await ensureDatabase(url('postgres'));
        const crash = async (): Promise<void> => {
          await stopServer(server, ['SIGQUIT', 'SIGKILL']);
          server = await this.startAgain(port, url(database));
        };
        return { url: url(database), crash, stop: () => stopServer(server) };
      }
      await stopServer(server);
      const log = lastLines(this.log, 8);
      if (attempt < 3 && /Address already in use|shared memory block/.test(log)) continue;
      throw new SetupError(
        `PostgreSQL did not start on ${this.folder}; its last words were:\n${log}\nStart over with --fresh.`,
      );
    }
  }

  /** Somebody's outgoing connection may have got the port for a moment. */
  private async startAgain(port: number, url: string): Promise<ChildProcess> {
    for (let attempt = 1; ; attempt++) {
      const server = this.spawnServer(port);
      if ((await ready(server, url)) === 'ready') return server;
      await stopServer(server);
      if (attempt === 20) throw new SetupError(`PostgreSQL did not start again:\n${lastLines(this.log, 8)}`);
      await sleep(250);
    }
  }

  private spawnServer(port: number): ChildProcess {
    const settings = {
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      port,
      max_connections: 200,
    };
    const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const log = openSync(this.log, 'a', 0o600);
    const server = spawn(this.binaries.postgres, ['-D', this.files, ...flags], {
      ...this.spawnOptions(),
      stdio: ['ignore', log, log],
      detached: true,
    });
    closeSync(log);
    server.on('error', () => undefined);
    server.unref();
    if (server.pid !== undefined) {
      Warden.shared().watch(server.pid, 'SIGINT', rank.foundation);
      this.writeNote({ ...(this.readNote() as PostgresNote), server: markOf(server.pid) });
    }
    return server;
  }

  private spawnOptions(): { cwd: string; env: NodeJS.ProcessEnv; uid?: number; gid?: number } {
    return { cwd: '/', env: { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/bin:/bin' }, ...this.binaries.user };
  }

  private makeFolder(path: string): void {
    mkdirSync(path, { mode: 0o700 });
    this.giveAway(path);
  }

  private giveAway(path: string): void {
    const user = this.binaries.user;
    if (user) chownSync(path, user.uid, user.gid);
  }

  private readNote(): PostgresNote | undefined {
    return readNote(this.noteFile);
  }

  private writeNote(note: PostgresNote): void {
    writeFileSync(this.noteFile, JSON.stringify(note), { mode: 0o600 });
    chmodSync(this.noteFile, 0o600);
  }
}

async function ready(server: ChildProcess, url: string): Promise<'ready' | 'ended'> {
  const deadline = Date.now() + startMilliseconds;
  while (Date.now() < deadline) {
    if (server.pid === undefined || server.exitCode !== null || server.signalCode !== null) return 'ended';
    const client = new Client({ connectionString: url });
    try {
      await client.connect();
      return 'ready';
    } catch {
      await sleep(20);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
  return 'ended';
}

async function ensureDatabase(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [database]);
    if (!rowCount) await client.query(`create database ${database}`);
  } finally {
    await client.end();
  }
}

/** Fast shutdown: connections are closed, what is committed stays. */
async function stopServer(
  server: ChildProcess,
  signals: readonly NodeJS.Signals[] = ['SIGINT', 'SIGQUIT', 'SIGKILL'],
): Promise<void> {
  const mark = server.pid === undefined ? undefined : markOf(server.pid);
  if (mark) {
    for (const signal of signals) {
      signalProcess(mark.pid, signal);
      if (await waitGone(mark, 10_000)) break;
    }
  }
  if (server.pid !== undefined) Warden.shared().forget(server.pid);
}

function cannotRun(error: Error | undefined, output: string): SetupError {
  const why = (error?.message ?? output.trim().split('\n').slice(-3).join(' ')) || 'it said nothing';
  return new SetupError(
    `The embedded PostgreSQL cannot run here (${why}): set DATABASE_URL to a PostgreSQL of yours.`,
  );
}
