import { Agent, type AgentOptions, type Host, type Observation } from '@chat-relays/agent';
import type { ProtocolName } from '@chat-relays/protocol';
import { Crash, type Faults } from './faults/faults';
import { MemoryDeliveries } from './memory/memory-deliveries';
import { MemoryMessages } from './memory/memory-messages';
import { MemorySmp, MemorySmpServers } from './memory/memory-smp';
import { MemoryStore } from './memory/memory-store';
import { Random } from './random';
import { Story } from './story';
import { toyCrypto } from './toy-crypto';

export interface Process {
  readonly name: string;
  readonly identity: string | undefined;
  readonly server: string;
  readonly store: MemoryStore;
  readonly messages: MemoryMessages;
  readonly deliveries: MemoryDeliveries;
  agent: Agent;
  smp: MemorySmp;
}

export type Ports = Pick<AgentOptions, 'store' | 'messages' | 'deliveries' | 'smp'>;

export interface WorldOptions {
  /** messages that a queue holds */
  readonly quota?: number;
  /** members that a relay sends to at once */
  readonly page?: number;
  /** a process that does something else than it should: how the invariants are seen to fail */
  readonly sabotage?: (ports: Ports, process: string) => Ports;
}

const RETRY = { initialMs: 100, maxMs: 2_000 };

/**
 * The whole system in one thread: agents with the real handling, pump and tables, SMP servers with the real semantics,
 * one seeded source of time, chance and faults. Nothing happens that was not picked by the scheduler.
 */
export class World {
  readonly random: Random;
  readonly story = new Story();
  readonly servers: MemorySmpServers;
  readonly processes: Process[] = [];
  readonly observations: Observation[] = [];
  now = 1_700_000_000_000;
  private incarnation = 0;

  constructor(
    seed: number,
    readonly protocol: ProtocolName,
    readonly faults: Faults,
    private readonly options: WorldOptions = {},
  ) {
    this.random = new Random(seed);
    this.servers = new MemorySmpServers(['smp-owner', 'smp-relays', 'smp-members'], {
      now: () => Math.floor(this.now / 1000),
      randomBytes: (count) => this.random.bytes(count),
      quota: options.quota ?? 4,
      crypto: toyCrypto,
      padded: false,
      admitsNew: () => true,
    });
  }

  add(name: string, server: string, identity?: string): Process {
    const deliveries: MemoryDeliveries = new MemoryDeliveries(() => store);
    const store = new MemoryStore(
      (...jobs: Parameters<MemoryDeliveries['add']>) => deliveries.add(...jobs),
      (members) => deliveries.welcome(members),
      () => this.now,
    );
    const base = {
      name,
      identity,
      server,
      store,
      messages: new MemoryMessages((received) => store.keepReceived(received)),
      deliveries,
    };
    const process = Object.assign(base, this.incarnate(base));
    this.processes.push(process);
    return process;
  }

  process(name: string): Process {
    const found = this.processes.find((process) => process.name === name);
    if (!found) throw new Error(`no process ${name}`);
    return found;
  }

  /** Runs one event in a process; a crash in the middle of it ends the process and starts it again. */
  async within(process: Process, event: () => Promise<unknown>): Promise<void> {
    try {
      await event();
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
    }
    if (this.faults.crashed) await this.restart(process);
  }

  async restart(process: Process): Promise<void> {
    this.faults.crashed = false;
    this.story.tell(process.name, 'is killed and starts again');
    this.servers.endSession(process.smp.session);
    Object.assign(process, this.incarnate(process));
    await process.agent.resume();
  }

  /** Everything a process has beside its database. Ports of a dead incarnation throw. */
  private incarnate(process: Omit<Process, 'agent' | 'smp'>): Pick<Process, 'agent' | 'smp'> {
    const { name, identity, server, store, messages, deliveries } = process;
    const session = `${name}#${++this.incarnation}`;
    const smp = new MemorySmp(this.servers, session, name, this.faults);
    let dead = false;
    const die = (): never => {
      dead = true;
      this.faults.crashed = true;
      throw new Crash();
    };
    const fenced = <T extends object>(port: T): T =>
      fence(port, () => {
        if (dead) throw new Crash();
      });
    const host: Host = {
      now: () => this.now,
      sleep: async (ms) => {
        this.now += ms;
      },
      random: (count) => this.random.bytes(count),
      crypto: toyCrypto,
      observe: (observation) => {
        if (!dead) this.observe(name, observation);
      },
      failpoint: async (point) => {
        if (dead) throw new Crash();
        if (this.faults.reach(name, point)) die();
      },
    };
    const ports = {
      store: fenced(store),
      messages: fenced(messages),
      deliveries: fenced(deliveries),
      smp: fenced(smp),
    };
    const agent = new Agent({
      ...(this.options.sabotage?.(ports, name) ?? ports),
      page: this.options.page,
      host,
      server,
      identity,
      protocol: this.protocol,
      padded: false,
      retry: RETRY,
    });
    return { agent, smp };
  }

  private observe(name: string, observation: Observation): void {
    this.faults.observe(name, observation);
    this.story.tell(name, observation);
    this.observations.push(observation);
  }
}

type Method = (this: unknown, ...args: unknown[]) => unknown;

/** The port, every method of which passes the gate first; a Proxy would do it at many times the price. */
function fence<T extends object>(port: T, gate: () => void): T {
  const fenced = Object.create(port) as Record<string, Method>;
  const methods = Object.getPrototypeOf(port) as Record<string, Method>;
  for (const name of Object.getOwnPropertyNames(methods)) {
    const method = methods[name];
    fenced[name] = (...args) => {
      gate();
      return method.apply(port, args);
    };
  }
  return fenced as T;
}
