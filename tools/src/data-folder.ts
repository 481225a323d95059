import { createHash } from 'node:crypto';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { repositoryRoot, toolsConfig } from './config';
import { isRunning, markOf, type ProcessMark } from './process-identity';
import { SetupError } from './setup-error';

/** What a running stack says about itself in its data folder, so that a second terminal can find it. */
export interface RunningNote {
  holder: ProcessMark;
  databaseUrl?: string;
  natsUrl?: string;
}

const noteName = 'running.json';

/**
 * Temporary folders, the first that another user could reach coming first: PostgreSQL refuses to run as root, so
 * root's PostgreSQL is another user's.
 */
export function reachableTmp(): string {
  if (userInfo().uid !== 0) return tmpdir();
  const found = [tmpdir(), '/tmp', '/var/tmp'].find(isReachableByOthers);
  if (!found)
    throw new SetupError('No temporary folder can be entered by other users than root: set TMPDIR to one.');
  return found;
}

/** Whether every folder from the root down to this one may be entered by any user. */
export function isReachableByOthers(folder: string): boolean {
  const path = resolve(folder);
  try {
    if ((statSync(path).mode & 0o001) === 0) return false;
  } catch {
    return false;
  }
  return path === dirname(path) || isReachableByOthers(dirname(path));
}

/** The data folder of this checkout and user: kept between runs. */
export function defaultDataFolder(given = toolsConfig().dataFolder): string {
  if (given) return resolve(given);
  const hash = createHash('sha256').update(repositoryRoot).digest('hex').slice(0, 8);
  return join(reachableTmp(), `chat-relays-${userInfo().uid}-${hash}`);
}

/** A new, empty data folder with a name of its own. */
export function temporaryDataFolder(): string {
  const folder = mkdtempSync(join(reachableTmp(), 'chat-relays-test-'));
  chmodSync(folder, folderMode());
  return folder;
}

function folderMode(): number {
  return userInfo().uid === 0 ? 0o711 : 0o700;
}

/** Makes the folder if need be, and refuses one that is somebody else's. */
export function ensureOwnFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: folderMode() });
  const stat = lstatSync(folder);
  if (!stat.isDirectory() || stat.uid !== userInfo().uid) {
    throw new SetupError(`${folder} is not a folder of yours: name another with CHAT_RELAYS_DATA.`);
  }
}

/** Takes the folder for this process, or says who has it. */
export function claimFolder(folder: string): void {
  ensureOwnFolder(folder);
  const holder = markOf(process.pid);
  if (!holder) throw new Error('this process is not to be found');
  for (;;) {
    try {
      writeFileSync(join(folder, noteName), JSON.stringify({ holder } satisfies RunningNote), {
        flag: 'wx',
        mode: 0o600,
      });
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const other = runningNote(folder);
    if (other) {
      throw new SetupError(
        `chat-relays is already running on ${folder} (process ${other.holder.pid}): stop it, or name another folder with CHAT_RELAYS_DATA.`,
      );
    }
    rmSync(join(folder, noteName), { force: true });
  }
}

/** Adds to the note of a folder that this process has claimed. */
export function noteRunning(folder: string, urls: Omit<RunningNote, 'holder'>): void {
  const note = { ...readNote(folder), ...urls };
  writeFileSync(join(folder, noteName), JSON.stringify(note), { mode: 0o600 });
}

/** Gives the folder back. */
export function releaseFolder(folder: string): void {
  rmSync(join(folder, noteName), { force: true });
}

/** What runs on the folder now; undefined when nothing does. */
export function runningNote(folder: string): RunningNote | undefined {
  const note = readNote(folder);
  return note && isRunning(note.holder) ? note : undefined;
}

function readNote(folder: string): RunningNote | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, noteName), 'utf8')) as RunningNote;
  } catch {
    return undefined;
  }
}
