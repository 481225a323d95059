/**
 * `migrate` of a service, for a job that runs before it: brings the schema to this build's tables and ends. A failure is
 * one sentence on stderr and exit code 1.
 */
export async function runMigration(
  config: { readonly DATABASE_URL: string; readonly DATABASE_SCHEMA: string },
  migrate: (address: { url: string; schema: string }) => Promise<string[]>,
): Promise<void> {
  const { DATABASE_URL: url, DATABASE_SCHEMA: schema } = config;
  try {
    const done = await migrate({ url, schema });
    process.stdout.write(`schema ${schema}: ${done.length > 0 ? done.join(', ') : 'up to date'}\n`);
  } catch (error) {
    process.stderr.write(`The migration of schema ${schema} failed: ${(error as Error).message}.\n`);
    process.exitCode = 1;
  }
}
