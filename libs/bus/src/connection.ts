import { connect, type NatsConnection, type NodeConnectionOptions } from '@nats-io/transport-node';

export interface BusOptions {
  /** one or more `nats://[user:password@]host:port`, separated by commas */
  readonly servers: string;
  /** shown by the NATS server in its connection list */
  readonly name: string;
  /** bounds the wait for the first connection only; without it, waits for ever */
  readonly timeoutMs?: number;
  /** needed where the account may only use its own inboxes */
  readonly inboxPrefix?: string;
}

/** The first connection could not be made in time; the message is a sentence for an operator. */
export class BusUnreachable extends Error {
  override readonly name = 'BusUnreachable';
}

/**
 * Connects to NATS. Once connected, it reconnects for ever; publishes are buffered meanwhile.
 * @throws {BusUnreachable} when no server answered within `timeoutMs`
 */
export async function connectBus(options: BusOptions): Promise<NatsConnection> {
  const { timeoutMs } = options;
  const deadline = timeoutMs === undefined ? Infinity : Date.now() + timeoutMs;
  let connected = false;
  const connectionOptions: NodeConnectionOptions = {
    ...addresses(options.servers),
    name: options.name,
    inboxPrefix: options.inboxPrefix,
    // a stack trace per request costs more than the request
    noAsyncTraces: true,
    waitOnFirstConnect: true,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 200,
    reconnectJitter: 200,
    timeout: Math.min(timeoutMs ?? 5_000, 5_000),
    // throwing here is how the client is told to stop dialling; `null` leaves the choice of the server to it
    reconnectToServer: () => {
      if (!connected && Date.now() >= deadline) throw new Error('gave up');
      return null;
    },
  };
  try {
    const connection = await connect(connectionOptions);
    connected = true;
    return connection;
  } catch (error) {
    const waited = timeoutMs === undefined ? '' : ` within ${timeoutMs / 1_000} s`;
    throw new BusUnreachable(
      `NATS at ${withoutCredentials(options.servers)} did not answer${waited}: start nats-server or correct NATS_URL`,
      { cause: error },
    );
  }
}

/** Sends what is buffered, lets subscriptions finish, closes. While NATS is away it closes after `timeoutMs`. */
export async function drainBus(connection: NatsConnection, timeoutMs = 5_000): Promise<void> {
  if (connection.isClosed()) return;
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, timeoutMs);
  });
  await Promise.race([connection.drain().catch(() => undefined), expired]);
  clearTimeout(timer);
  await connection.close();
}

function addresses(servers: string): Pick<NodeConnectionOptions, 'servers' | 'user' | 'pass'> {
  const urls = servers.split(',').map((server) => new URL(withScheme(server.trim())));
  const [{ username, password }] = urls;
  return {
    servers: urls.map((url) => url.host),
    ...(username === '' ? {} : { user: decodeURIComponent(username), pass: decodeURIComponent(password) }),
  };
}

function withScheme(server: string): string {
  return server.includes('://') ? server : `nats://${server}`;
}

function withoutCredentials(servers: string): string {
  return servers.replace(/[^/@,]*@/g, '');
}
