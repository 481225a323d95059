import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  claimFolder,
  defaultDataFolder,
  ensureOwnFolder,
  isReachableByOthers,
  noteRunning,
  releaseFolder,
  runningNote,
  temporaryDataFolder,
} from './data-folder';
import { markOf } from './process-identity';

describe('the data folder', () => {
  let folder: string;
  beforeEach(() => (folder = temporaryDataFolder()));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is the one of CHAT_RELAYS_DATA, or the same one for each run of this checkout', () => {
    expect(defaultDataFolder('/somewhere/else')).toBe('/somewhere/else');
    expect(defaultDataFolder(undefined)).toBe(defaultDataFolder(undefined));
  });

  it('is claimed by one process at a time', () => {
    claimFolder(folder);
    noteRunning(folder, { natsUrl: 'nats://127.0.0.1:1' });
    expect(() => claimFolder(folder)).toThrow(`already running on ${folder} (process ${process.pid})`);
    expect(runningNote(folder)).toMatchObject({
      holder: { pid: process.pid },
      natsUrl: 'nats://127.0.0.1:1',
    });
    releaseFolder(folder);
    expect(runningNote(folder)).toBeUndefined();
    claimFolder(folder);
  });

  it('is taken over from a process that has died, though its id may be in use again', async () => {
    const child = spawn('sleep', ['60']);
    const holder = markOf(child.pid as number);
    child.kill('SIGKILL');
    await once(child, 'exit');
    for (const dead of [holder, { pid: process.pid, identity: 'another start' }]) {
      writeFileSync(join(folder, 'running.json'), JSON.stringify({ holder: dead }));
      expect(runningNote(folder)).toBeUndefined();
      claimFolder(folder);
      expect(runningNote(folder)?.holder.pid).toBe(process.pid);
    }
  });

  it('is not a link that somebody else may have laid', () => {
    const link = join(folder, 'link');
    symlinkSync('/', link);
    expect(() => ensureOwnFolder(link)).toThrow('not a folder of yours');
  });

  it('knows whether other users can get there', () => {
    const below = join(folder, 'closed', 'below');
    mkdirSync(below, { recursive: true });
    chmodSync(folder, 0o755);
    for (const [mode, expected] of [
      [0o755, true],
      [0o711, true],
      [0o700, false],
    ] as const) {
      chmodSync(join(folder, 'closed'), mode);
      expect(isReachableByOthers(below)).toBe(expected);
    }
    expect(existsSync(join(folder, 'absent'))).toBe(false);
    expect(isReachableByOthers(join(folder, 'absent'))).toBe(false);
  });
});
