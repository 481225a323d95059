import { rmSync } from 'node:fs';
import { toolsConfig } from './config';
import {
  claimFolder,
  defaultDataFolder,
  noteRunning,
  releaseFolder,
  runningNote,
  temporaryDataFolder,
} from './data-folder';
import { startNats } from './local-nats';
import { startPostgres } from './local-postgres';
import { Warden } from './warden';

/** What the services stand on. */
export interface LocalStack {
  databaseUrl: string;
  natsUrl: string;
  /** Files, logs and the note of what runs; named to the user. */
  folder: string;
  stop(): Promise<void>;
}

export interface LocalStackOptions {
  /** A folder of its own that is removed at the end, for tests. */
  temporary?: boolean;
  /** Throw away what earlier runs left. */
  fresh?: boolean;
}

/** PostgreSQL and NATS: those of DATABASE_URL and NATS_URL, or private ones on free ports. */
export async function startLocalStack({ temporary, fresh }: LocalStackOptions = {}): Promise<LocalStack> {
  const config = toolsConfig();
  const folder = temporary ? temporaryDataFolder() : defaultDataFolder();
  if (temporary) Warden.shared().removeAtEnd(folder);
  else if (fresh && !runningNote(folder)) rmSync(folder, { recursive: true, force: true });
  claimFolder(folder);
  const parts = await Promise.allSettled([
    config.databaseUrl ? given(config.databaseUrl) : startPostgres(folder),
    config.natsUrl ? given(config.natsUrl) : startNats(folder),
  ]);
  const stop = async (): Promise<void> => {
    await Promise.all(parts.map((part) => (part.status === 'fulfilled' ? part.value.stop() : undefined)));
    releaseFolder(folder);
    if (temporary) rmSync(folder, { recursive: true, force: true });
  };
  const [postgres, nats] = parts;
  if (postgres.status === 'fulfilled' && nats.status === 'fulfilled') {
    const urls = { databaseUrl: postgres.value.url, natsUrl: nats.value.url };
    noteRunning(folder, urls);
    return { ...urls, folder, stop };
  }
  await stop();
  throw parts.find((part) => part.status === 'rejected')?.reason;
}

function given(url: string): { url: string; stop(): Promise<void> } {
  return { url, stop: async () => undefined };
}
