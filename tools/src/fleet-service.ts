import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { lastLines } from './log-file';
import { signalProcess } from './process-identity';
import { SetupError } from './setup-error';
import { rank, Warden } from './warden';

/** How a process ended. */
export interface ServiceEnd {
  name: string;
  code: number | null;
  signal: NodeJS.Signals | null;
  lastLines: string;
}

/** How one process is run; everything but `name` is the fleet's doing. */
export interface ServiceProcess {
  name: string;
  /** What node is called with. */
  parameters: string[];
  env: NodeJS.ProcessEnv;
  logFile: string;
  /** An end that nobody asked for. */
  onDeath: (end: ServiceEnd) => void;
}

const pollMilliseconds = 40;
const ending: readonly NodeJS.Signals[] = ['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGHUP', 'SIGABRT'];

/** One service of a fleet: a process that can be killed and started again under the same name. */
export class FleetService {
  private child: ChildProcess | undefined;
  private end: Promise<ServiceEnd> | undefined;
  private askedToEnd = false;
  private httpPort = 0;

  constructor(private readonly how: ServiceProcess) {}

  get name(): string {
    return this.how.name;
  }

  get logFile(): string {
    return this.how.logFile;
  }

  get pid(): number | undefined {
    return this.isRunning() ? this.child?.pid : undefined;
  }

  /** Where /health and /metrics are, once the service is ready; another one after each start. */
  get httpUrl(): string {
    return `http://127.0.0.1:${this.httpPort}`;
  }

  isRunning(): boolean {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Runs the process and waits until it is ready. `extraEnv` is for this run only. */
  async start(extraEnv: NodeJS.ProcessEnv = {}, milliseconds = 180_000): Promise<void> {
    if (this.isRunning()) throw new Error(`${this.name} runs already`);
    const log = openSync(this.logFile, 'a', 0o600);
    const begin = statSync(this.logFile).size;
    const child = spawn(process.execPath, this.how.parameters, {
      env: { ...this.how.env, ...extraEnv },
      stdio: ['ignore', log, log],
      // A session of its own: Ctrl-C reaches us alone, and we stop the services in order.
      detached: true,
    });
    closeSync(log);
    this.child = child;
    this.askedToEnd = false;
    this.end = this.watch(child);
    await this.ready(begin, Date.now() + milliseconds);
  }

  /** Sends a signal; one that ends a process is waited for. */
  async kill(signal: NodeJS.Signals): Promise<void> {
    const pid = this.pid;
    if (pid === undefined) return;
    if (!ending.includes(signal)) return signalProcess(pid, signal);
    this.askedToEnd = true;
    signalProcess(pid, signal);
    await this.end;
  }

  /** Asks for a graceful end, and forces it when the time is over. */
  async stop(milliseconds: number): Promise<void> {
    const force = setTimeout(() => void this.kill('SIGKILL'), milliseconds);
    // A stopped process would not hear the rest.
    await this.kill('SIGCONT');
    await this.kill('SIGTERM');
    clearTimeout(force);
  }

  /** Waits for the process to end by itself, as one with a fail point does; no death is reported for it. */
  ended(): Promise<ServiceEnd> {
    if (!this.end) throw new Error(`${this.name} was never started`);
    this.askedToEnd = true;
    return this.end;
  }

  private watch(child: ChildProcess): Promise<ServiceEnd> {
    if (child.pid !== undefined) Warden.shared().watch(child.pid, 'SIGTERM', rank.service);
    return new Promise((resolve) => {
      child.once('error', () => undefined);
      child.once('exit', (code, signal) => {
        if (child.pid !== undefined) Warden.shared().forget(child.pid);
        const end = { name: this.name, code, signal, lastLines: lastLines(this.logFile, 12) };
        if (!this.askedToEnd) this.how.onDeath(end);
        resolve(end);
      });
    });
  }

  private async ready(begin: number, deadline: number): Promise<void> {
    let port: number | undefined;
    while (Date.now() < deadline) {
      if (!this.isRunning()) throw this.failure('ended before it was ready');
      port ??= listeningPort(this.logFile, begin);
      if (port !== undefined && (await answers(`http://127.0.0.1:${port}/health/ready`))) {
        this.httpPort = port;
        return;
      }
      await sleep(pollMilliseconds);
    }
    throw this.failure(port === undefined ? 'did not listen in time' : 'did not become ready in time');
  }

  private failure(what: string): SetupError {
    return new SetupError(
      `${this.name} ${what}; the end of ${this.logFile}:\n${lastLines(this.logFile, 12)}`,
    );
  }
}

/** The port in the log line `{"msg":"listening","port":n}` that this run wrote. */
function listeningPort(logFile: string, begin: number): number | undefined {
  const lines = readFileSync(logFile).subarray(begin).toString().split('\n');
  for (const line of lines) {
    if (!line.includes('"listening"')) continue;
    try {
      const { msg, port } = JSON.parse(line) as { msg?: string; port?: number };
      if (msg === 'listening' && typeof port === 'number') return port;
    } catch {
      // half a line: the rest is there at the next look
    }
  }
  return undefined;
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}
