import { Inject, Injectable } from '@nestjs/common';
import { connectionsOf, membershipId } from '@chat-relays/protocol';
import { AgentRuntime, DATABASE } from '@chat-relays/service';
import { type DataSource, MemberReads } from '@chat-relays/storage';

/** The members of this process, by name. */
@Injectable()
export class Members {
  readonly reads: MemberReads;

  constructor(
    @Inject(DATABASE) source: DataSource,
    private readonly runtime: AgentRuntime,
  ) {
    this.reads = new MemberReads(source);
  }

  /** Steps 14 and 15. Answers how many of these members were in the group before; they join again. */
  async join(link: string, names: readonly string[], anew?: boolean): Promise<number> {
    const before = await this.reads.known(names.map((name) => membershipId(name, link)));
    await this.runtime.agent.join(link, names, anew);
    return before;
  }

  /** Whether the members of a group have connections to ask relays on; undefined where this one is not in it. */
  async canAsk(membership: string): Promise<boolean | undefined> {
    const protocol = await this.reads.protocol(membership);
    return protocol === undefined ? undefined : connectionsOf(protocol).includes('priority');
  }

  /** Answers how many relays are asked. */
  async askHistory(member: string, membership: string): Promise<number> {
    const connections = await this.reads.priorityConnections(membership);
    await this.runtime.agent.askHistory(member, connections);
    return connections.length;
  }
}
