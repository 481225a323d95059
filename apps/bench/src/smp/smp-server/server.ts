import { defaultTopology, Fleet, migrateApp, startLocalStack } from '@chat-relays/tools';

/** The name of the SMP server. */
export const SERVER = 'smp-bench';

/** One SMP server on a NATS and a PostgreSQL of its own, all temporary. */
export async function startServer(): Promise<{ natsUrl: string; httpUrl: string; stop(): Promise<void> }> {
  const stack = await startLocalStack({ temporary: true });
  try {
    const [smp] = defaultTopology();
    const services = [{ ...smp, name: SERVER, env: { SMP_SERVER_NAME: SERVER } }];
    // the messages that the marks are about are not padded
    const env = { SMP_PADDING: 'off' };
    const fleet = await Fleet.start({ ...stack, services, migrate: migrateApp, env });
    return {
      natsUrl: stack.natsUrl,
      httpUrl: fleet.service(SERVER).httpUrl,
      async stop() {
        await fleet.stop();
        await stack.stop();
      },
    };
  } catch (error) {
    await stack.stop();
    throw error;
  }
}
