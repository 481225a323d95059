import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { temporaryDataFolder } from './data-folder';
import { freePort } from './free-port';
import { lastLines } from './log-file';
import { natsBinary } from './nats-binary';
import { markOf, signalProcess, waitGone } from './process-identity';
import { SetupError } from './setup-error';
import { rank, Warden } from './warden';

const startMilliseconds = 60_000;

/** A NATS server that can be used now. */
export interface LocalNats {
  url: string;
  /** Kills it with all it knows, and starts it again at the same address. */
  crash(): Promise<void>;
  stop(): Promise<void>;
}

/** A server that goes with all it has kept, for tests and measurements; JetStream keeps streams in files. */
export async function startTemporaryNats({ jetStream = false } = {}): Promise<LocalNats> {
  const folder = temporaryDataFolder();
  Warden.shared().removeAtEnd(folder);
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    const nats = await startNats(folder, jetStream ? ['-js', '-sd', join(folder, 'jetstream')] : []);
    return { ...nats, stop: () => nats.stop().finally(remove) };
  } catch (error) {
    remove();
    throw error;
  }
}

/** Starts a nats-server on a free port of the loopback interface; without more arguments it keeps nothing. */
export async function startNats(folder: string, more: readonly string[] = []): Promise<LocalNats> {
  const binary = natsBinary(folder);
  const logFile = join(folder, 'nats.log');
  const start = (port: number): ChildProcess =>
    spawnServer(binary, ['-a', '127.0.0.1', '-p', String(port), ...more], logFile);
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    let server = start(port);
    if (await accepts(server, port)) {
      const crash = async (): Promise<void> => {
        await stopServer(server, ['SIGKILL']);
        server = await untilAccepting(() => start(port), port);
      };
      return { url: `nats://127.0.0.1:${port}`, crash, stop: () => stopServer(server) };
    }
    await stopServer(server);
    const log = lastLines(logFile, 8);
    if (attempt < 3 && log.includes('address already in use')) continue;
    throw new SetupError(`${binary} did not start; its last words were:\n${log}`);
  }
}

/** Somebody's outgoing connection may have got the port for a moment. */
async function untilAccepting(start: () => ChildProcess, port: number): Promise<ChildProcess> {
  for (let attempt = 1; ; attempt++) {
    const server = start();
    if (await accepts(server, port)) return server;
    await stopServer(server);
    if (attempt === 20) throw new SetupError(`nats-server did not start again on port ${port}`);
    await sleep(250);
  }
}

function spawnServer(binary: string, args: readonly string[], logFile: string): ChildProcess {
  const log = openSync(logFile, 'a', 0o600);
  const server = spawn(binary, args, {
    stdio: ['ignore', log, log],
    detached: true,
    cwd: '/',
    env: {},
  });
  closeSync(log);
  server.on('error', () => undefined);
  server.unref();
  if (server.pid !== undefined) Warden.shared().watch(server.pid, 'SIGTERM', rank.foundation);
  return server;
}

async function accepts(server: ChildProcess, port: number): Promise<boolean> {
  const deadline = Date.now() + startMilliseconds;
  while (Date.now() < deadline) {
    if (server.pid === undefined || server.exitCode !== null || server.signalCode !== null) return false;
    if (await greets(port)) return true;
    await sleep(10);
  }
  return false;
}

/** A NATS server speaks first. */
function greets(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    const end = (heard: boolean): void => {
      socket.destroy();
      resolve(heard);
    };
    socket.setTimeout(1_000, () => end(false));
    socket.once('error', () => end(false));
    socket.once('close', () => end(false));
    socket.once('data', (bytes) => end(bytes.toString().startsWith('INFO ')));
  });
}

async function stopServer(
  server: ChildProcess,
  signals: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGKILL'],
): Promise<void> {
  const mark = server.pid === undefined ? undefined : markOf(server.pid);
  if (mark) {
    for (const signal of signals) {
      signalProcess(mark.pid, signal);
      if (await waitGone(mark, 5_000)) break;
    }
  }
  if (server.pid !== undefined) Warden.shared().forget(server.pid);
}
