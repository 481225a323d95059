import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';

/** The checkout that this file was built in. */
export const repositoryRoot = realpathSync(resolve(__dirname, '../..'));

/** What the launchers take from the environment. An empty variable counts as an absent one. */
export interface ToolsConfig {
  databaseUrl: string | undefined;
  natsUrl: string | undefined;
  /** Where PostgreSQL's files, logs and the note of what is running are kept. */
  dataFolder: string | undefined;
  /** Where programs are looked up. */
  path: string;
}

export function toolsConfig(env: NodeJS.ProcessEnv = process.env): ToolsConfig {
  return {
    databaseUrl: env.DATABASE_URL || undefined,
    natsUrl: env.NATS_URL || undefined,
    dataFolder: env.CHAT_RELAYS_DATA || undefined,
    path: env.PATH ?? '',
  };
}

/** The environment that the services inherit, less what would change how they or PostgreSQL behave by accident. */
export function inheritedEnv(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const ours = /^(PG[A-Z]+|OTEL_\w+|NODE_OPTIONS|npm_\w+|JEST_\w+)$/;
  return Object.fromEntries(Object.entries(env).filter(([name]) => !ours.test(name)));
}
