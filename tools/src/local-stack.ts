import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toolsConfig } from './config';
import {
  claimFolder,
  defaultDataFolder,
  noteRunning,
  releaseFolder,
  temporaryDataFolder,
} from './data-folder';
import { type LocalNats, startNats } from './local-nats';
import { type LocalPostgres, startPostgres, stopLeftOver } from './local-postgres';
import { SetupError } from './setup-error';
import { Warden } from './warden';

/** What the services stand on. */
export interface LocalStack {
  databaseUrl: string;
  natsUrl: string;
  /** Files, logs and the note of what runs; named to the user. */
  folder: string;
  /** Kills a part in the middle of what it does, and starts it again at the same address; not one that was given. */
  crash(part: 'postgres' | 'nats'): Promise<void>;
  stop(): Promise<void>;
}

export interface LocalStackOptions {
  /** A folder of its own that is removed at the end, for tests. */
  temporary?: boolean;
  /** Throw away what earlier runs left. */
  fresh?: boolean;
  /** What a configuration file of nats-server says, beside where it listens. */
  nats?: string;
}

/** Removes what we made, and nothing else: the folder may have been named by the user. */
async function startOver(folder: string): Promise<void> {
  await stopLeftOver(folder);
  for (const name of ['postgres', 'postgres.new', 'postgres.json', 'postgres.log', 'nats.log', 'logs']) {
    rmSync(join(folder, name), { recursive: true, force: true });
  }
}

/** PostgreSQL and NATS: those of DATABASE_URL and NATS_URL, or private ones on free ports. */
export async function startLocalStack({
  temporary,
  fresh,
  nats: settings = '',
}: LocalStackOptions = {}): Promise<LocalStack> {
  const config = toolsConfig();
  const folder = temporary ? temporaryDataFolder() : defaultDataFolder();
  if (temporary) Warden.shared().removeAtEnd(folder);
  claimFolder(folder);
  if (fresh) await startOver(folder);
  const parts = await Promise.allSettled([
    config.databaseUrl ? given(config.databaseUrl) : startPostgres(folder),
    config.natsUrl ? given(config.natsUrl) : startNats(folder, natsArguments(folder, settings)),
  ]);
  const stop = async (): Promise<void> => {
    await Promise.all(
      parts.map((part) => (part.status === 'fulfilled' ? part.value.stop() : Promise.resolve())),
    );
    releaseFolder(folder);
    if (temporary) rmSync(folder, { recursive: true, force: true });
  };
  const [postgres, nats] = parts;
  if (postgres.status === 'fulfilled' && nats.status === 'fulfilled') {
    const urls = { databaseUrl: postgres.value.url, natsUrl: nats.value.url };
    noteRunning(folder, urls);
    const crash: LocalStack['crash'] = (part) => (part === 'nats' ? nats : postgres).value.crash();
    return { ...urls, folder, crash, stop };
  }
  await stop();
  throw parts.find((part) => part.status === 'rejected')?.reason;
}

function natsArguments(folder: string, settings: string): string[] {
  if (settings === '') return [];
  const file = join(folder, 'nats.conf');
  writeFileSync(file, settings, { mode: 0o600 });
  return ['-c', file];
}

function given(url: string): LocalPostgres & LocalNats {
  const crash = (): never => {
    throw new SetupError(`${new URL(url).host} was given and is not ours: it is not killed`);
  };
  return { url, crash, stop: async () => undefined };
}
