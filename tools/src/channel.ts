import { setTimeout as sleep } from 'node:timers/promises';
import { connectionsOf, type ProtocolName, servesOwner } from '@chat-relays/protocol';
import {
  memberRequests,
  type NatsConnection,
  ownerRequests,
  relayRequests,
  request,
  RequestFailed,
} from '@chat-relays/bus';

/** What members of a channel are and have got, all of them together. */
export interface ChannelStatus {
  readonly members: number;
  readonly membersByStatus: Record<string, number>;
  readonly connectionsByStatus: Record<string, number>;
  readonly received: number;
  readonly duplicates: number;
}

export interface RelayStatus {
  readonly relay: string;
  readonly status: string;
  readonly relayLink?: string;
  readonly reason?: string;
}

export interface ChannelPlan {
  readonly owner: string;
  /** taken as it is when no group of the owner has it, else with the next free number */
  readonly name: string;
  readonly relays: readonly string[];
  /** the service's own by default */
  readonly protocol?: ProtocolName;
}

const POLL_MS = 50;
/** Machines are slow at times. */
const PATIENCE_MS = 180_000;

/** A channel as its owner and members use it, over the control plane: for the demo and the real-process tests. */
export class Channel {
  private constructor(
    private readonly bus: NatsConnection,
    readonly owner: string,
    readonly name: string,
    /** that serve it, or are to */
    readonly relays: string[],
    private readonly connectionsPerRelay: number,
  ) {}

  /** Steps 1 to 4: puts the relays' addresses into the owner's list, and creates the channel with all of them. */
  static async create(bus: NatsConnection, { owner, name, relays, protocol }: ChannelPlan): Promise<Channel> {
    const list = await Promise.all(
      relays.map(async (relay) => ({ name: relay, address: await addressOf(bus, relay) })),
    );
    await request(bus, ownerRequests['owner.relays.set'], { owner, relays: list });
    const { groups } = await request(bus, ownerRequests['owner.group.list'], { owner });
    const taken = new Set(groups.map((group) => group.name));
    const free = taken.has(name) ? nextFree(name, taken) : name;
    const positions = list.map((_, index) => index + 1);
    const group = await request(bus, ownerRequests['owner.group.create'], {
      owner,
      name: free,
      relays: positions,
      ...(protocol && { protocol }),
    });
    return new Channel(bus, owner, free, [...relays], connectionsOf(group.protocol).length);
  }

  /** The group short link, once the owner's SMP server made it. */
  async link(timeoutMs = PATIENCE_MS): Promise<string> {
    return until(`the link of #${this.name}`, timeoutMs, async () => {
      const { owner, name } = this;
      const group = await request(this.bus, ownerRequests['owner.group.get'], { owner, group: name });
      return group.groupLink;
    });
  }

  async relayStatuses(): Promise<RelayStatus[]> {
    const { owner, name } = this;
    const reply = await request(this.bus, ownerRequests['owner.group.relays.get'], { owner, group: name });
    return reply.relays;
  }

  /** Steps 5 to 12, seen from outside; `onChange` gets every status that differs from the one before. */
  async relaysConfirmed(
    onChange: (relay: RelayStatus) => void = () => undefined,
    timeoutMs = PATIENCE_MS,
  ): Promise<void> {
    const seen = new Map<string, string>();
    await until(`confirmed relays of #${this.name}`, timeoutMs, async () => {
      const relays = await this.relayStatuses();
      for (const relay of relays) {
        if (seen.get(relay.relay) === relay.status) continue;
        seen.set(relay.relay, relay.status);
        onChange(relay);
      }
      const serving = relays.filter(({ status }) => servesOwner(status)).map(({ relay }) => relay);
      return this.relays.every((relay) => serving.includes(relay)) ? true : undefined;
    });
  }

  /** Chooses one more relay. */
  async addRelay(relay: string): Promise<void> {
    const { owner, name } = this;
    const address = await addressOf(this.bus, relay);
    const { relays } = await request(this.bus, ownerRequests['owner.relays.get'], { owner });
    const others = relays.filter((known) => known.name !== relay);
    const list = [
      ...others.map((known) => ({ name: known.name, address: known.address })),
      { name: relay, address },
    ];
    await request(this.bus, ownerRequests['owner.relays.set'], { owner, relays: list });
    await request(this.bus, ownerRequests['owner.group.relays.add'], {
      owner,
      group: name,
      relays: [list.length],
    });
    if (!this.relays.includes(relay)) this.relays.push(relay);
  }

  async removeRelay(relay: string, force = false): Promise<void> {
    const { owner, name } = this;
    await request(this.bus, ownerRequests['owner.group.relays.remove'], { owner, group: name, relay, force });
    this.relays.splice(this.relays.indexOf(relay), 1);
  }

  async retryRelay(relay: string): Promise<void> {
    const { owner, name } = this;
    await request(this.bus, ownerRequests['owner.group.relays.retry'], { owner, group: name, relay });
  }

  /** Until a relay has this status in its owner's view. */
  async relayIs(relay: string, expected: string, timeoutMs = PATIENCE_MS): Promise<RelayStatus> {
    return until(`${relay} of #${this.name} ${expected}`, timeoutMs, async () =>
      (await this.relayStatuses()).find((one) => one.relay === relay && one.status === expected),
    );
  }

  /** Steps 14 and 15; `anew` for members whose connections are lost. */
  async join(members: readonly string[], { anew = false } = {}): Promise<void> {
    const link = await this.link();
    await request(
      this.bus,
      memberRequests['member.join'],
      { link, members: [...members], anew },
      { timeoutMs: 60_000 },
    );
  }

  async status(): Promise<ChannelStatus> {
    return request(this.bus, memberRequests['member.group.status'], { link: await this.link() });
  }

  /** Every member has a connection to every relay, and every relay counts every member as its own. */
  async membersConnected(members: number, timeoutMs = PATIENCE_MS): Promise<void> {
    const link = await this.link();
    await until(`${members} members of #${this.name}`, timeoutMs, async () => {
      const { connectionsByStatus } = await this.status();
      const expected = members * this.relays.length * this.connectionsPerRelay;
      if ((connectionsByStatus.Connected ?? 0) < expected) return undefined;
      const served = await Promise.all(this.relays.map((relay) => membersAt(this.bus, relay, link)));
      return served.every((count) => count >= members) ? true : undefined;
    });
  }

  /** Step 16. Answers the message ids. */
  async send(texts: readonly string[]): Promise<string[]> {
    const { owner, name } = this;
    const reply = await request(this.bus, ownerRequests['owner.message.send'], {
      owner,
      group: name,
      texts: [...texts],
    });
    return reply.messageIds;
  }

  /** Steps 17 and 18: every member has every message, and every relay's copy of it has come. */
  async arrived(deliveries: number, timeoutMs = PATIENCE_MS): Promise<ChannelStatus> {
    const copies = deliveries * this.relays.length;
    return until(`${deliveries} deliveries in #${this.name}`, timeoutMs, async () => {
      const status = await this.status();
      const { received, duplicates } = status;
      return received >= deliveries && received + duplicates >= copies ? status : undefined;
    });
  }

  /** What one member got, in its order. */
  async messagesOf(member: string): Promise<{ messageId: string; text: string }[]> {
    const link = await this.link();
    const messages: { messageId: string; text: string }[] = [];
    for (let after: number | null = 0; after !== null;) {
      const page: { messages: { messageId: string; text: string }[]; next: number | null } = await request(
        this.bus,
        memberRequests['member.message.list'],
        { link, member, after, limit: 1_000 },
      );
      messages.push(...page.messages);
      after = page.next;
    }
    return messages;
  }
}

/** A relay that has just started may not have its address yet. */
async function addressOf(bus: NatsConnection, relay: string): Promise<string> {
  return until(`the address of ${relay}`, PATIENCE_MS, async () => {
    try {
      return (await request(bus, relayRequests['relay.*.address.get'], {}, { scope: relay })).address;
    } catch (error) {
      if (error instanceof RequestFailed && error.code === 'not_ready') return undefined;
      throw error;
    }
  });
}

async function membersAt(bus: NatsConnection, relay: string, groupLink: string): Promise<number> {
  const { groups } = await request(bus, relayRequests['relay.*.group.list'], {}, { scope: relay });
  return groups.find((group) => group.groupLink === groupLink)?.members ?? 0;
}

function nextFree(name: string, taken: ReadonlySet<string>): string {
  for (let number = 2; ; number++) if (!taken.has(`${name}-${number}`)) return `${name}-${number}`;
}

/**
 * Looks until there is an answer. Services may be away meanwhile: what they do not answer is asked again.
 * @throws {Error} naming what did not come in time, and why the last look failed
 */
async function until<T>(what: string, timeoutMs: number, look: () => Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    let failure = '';
    try {
      const found = await look();
      if (found !== undefined) return found;
    } catch (error) {
      if (!(error instanceof RequestFailed) || !passing.has(error.code)) throw error;
      failure = `: ${error.message}`;
    }
    if (Date.now() > deadline) throw new Error(`${what} did not come within ${timeoutMs / 1000} s${failure}`);
    await sleep(POLL_MS);
  }
}

const passing = new Set(['unreachable', 'timeout', 'internal', 'busy']);
