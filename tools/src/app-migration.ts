import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repositoryRoot } from './config';
import type { ServiceSpec } from './fleet';
import { SetupError } from './setup-error';

/** Runs `apps/<app>/dist/migrate.js` with the environment of the service: the hook that a fleet is started with. */
export async function migrateApp(service: ServiceSpec, env: NodeJS.ProcessEnv): Promise<void> {
  const program = join(repositoryRoot, 'apps', service.app, 'dist/migrate.js');
  try {
    await promisify(execFile)(process.execPath, [program], { env });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new SetupError(`The tables of ${service.name} could not be made:\n${stdout}${stderr}`);
  }
}
