import { agentTables, migrate, smpTables } from '@chat-relays/storage';
import type { ServiceSpec } from './fleet';
import { SetupError } from './setup-error';

/** What `apps/<app>/dist/migrate.js` does, without a process for each: the hook that a fleet is started with. */
export async function migrateApp({ name, app }: ServiceSpec, env: NodeJS.ProcessEnv): Promise<void> {
  const address = { url: env.DATABASE_URL ?? '', schema: env.DATABASE_SCHEMA ?? '' };
  try {
    await migrate(address, app === 'smp-server' ? smpTables : agentTables);
  } catch (error) {
    const { message } = error as Error;
    throw new SetupError(
      `The tables of ${name} could not be made (${message}): start PostgreSQL at ${new URL(address.url).host} or correct DATABASE_URL.`,
    );
  }
}
