const { existsSync } = require('node:fs');
const { resolve } = require('node:path');

/** PostgreSQL and NATS for every spec, in DATABASE_URL and NATS_URL; a spec makes its own schema. */
module.exports = async function globalSetup() {
  const built = resolve(__dirname, '../dist/index.js');
  if (!existsSync(built))
    throw new Error('The tools are not built: run `npm run build` first, or use `npm test`.');
  const { startLocalStack } = require(built);
  const stack = await startLocalStack({ temporary: true });
  process.env.DATABASE_URL = stack.databaseUrl;
  process.env.NATS_URL = stack.natsUrl;
  globalThis.chatRelaysStack = stack;
};
