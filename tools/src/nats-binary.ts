import { spawnSync } from 'node:child_process';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { repositoryRoot, toolsConfig } from './config';
import { SetupError } from './setup-error';

const program = 'nats-server';

/** Where to look for nats-server and where to keep one; all have defaults and are given by tests. */
export interface NatsSearch {
  path?: string;
  /** Folders that may hold one from before; a fetched one goes to the first that can be written. */
  caches?: string[];
  fetch?: (folder: string) => string | undefined;
}

/** The nats-server of PATH, of a cache, or of the package sources that this machine is configured with. */
export function natsBinary(dataFolder: string, search: NatsSearch = {}): string {
  const path = search.path ?? toolsConfig().path;
  const caches = search.caches ?? [join(repositoryRoot, '.cache', program), join(dataFolder, program)];
  const fetch = search.fetch ?? fetchFromApt;
  const found = [...path.split(':'), ...caches]
    .filter(Boolean)
    .map((folder) => join(folder, program))
    .find(isExecutable);
  if (found) return found;
  const cache = caches.find(isWritable);
  const fetched = cache && fetch(cache);
  if (fetched) return fetched;
  throw new SetupError(
    'There is no nats-server here and none could be fetched from the package sources: install it (`brew install nats-server` or your package manager), or start one in docker (`docker run -p 4222:4222 nats`) and set NATS_URL=nats://127.0.0.1:4222.',
  );
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function isWritable(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Downloads and unpacks the distribution's package, for which nobody has to be root; apt checks its signature. */
function fetchFromApt(cache: string): string | undefined {
  process.stderr.write('Fetching nats-server from the package sources of this machine\n');
  const work = mkdtempSync(join(cache, 'fetch-'));
  try {
    return download(work, []) || download(work, privateLists(work)) ? unpack(work, cache) : undefined;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function download(work: string, options: string[]): boolean {
  run(work, 'apt-get', [...options, ...asOurselves, 'download', program]);
  return packages(work).length > 0;
}

// apt as root would hand the download to a user who cannot enter this folder.
const asOurselves = ['-q', '-o', 'APT::Sandbox::User='];

/** Fresh package lists in a folder of ours: the machine's may be empty or old, and only root may renew them. */
function privateLists(work: string): string[] {
  for (const folder of ['lists/partial', 'apt/archives/partial'])
    mkdirSync(join(work, folder), { recursive: true });
  const options = ['-o', `Dir::State::lists=${join(work, 'lists')}`, '-o', `Dir::Cache=${join(work, 'apt')}`];
  run(work, 'apt-get', [...options, ...asOurselves, 'update']);
  return options;
}

function unpack(work: string, cache: string): string | undefined {
  const [deb] = packages(work);
  run(work, 'dpkg-deb', ['-x', deb, 'tree']);
  const unpacked = ['usr/sbin', 'usr/bin']
    .map((folder) => join(work, 'tree', folder, program))
    .find(existsSync);
  if (!unpacked) return undefined;
  const home = join(cache, program);
  mkdirSync(dirname(home), { recursive: true });
  renameSync(unpacked, home);
  return home;
}

function packages(work: string): string[] {
  return readdirSync(work).filter((name) => name.endsWith('.deb'));
}

function run(cwd: string, command: string, args: string[]): void {
  spawnSync(command, args, { cwd, stdio: 'ignore', timeout: 120_000 });
}
