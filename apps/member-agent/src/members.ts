import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { newId, realCrypto } from '@chat-relays/agent';
import { membershipId } from '@chat-relays/protocol';
import { AgentRuntime, DATABASE } from '@chat-relays/service';
import { type DataSource, MemberReads } from '@chat-relays/storage';
import { textId } from '@chat-relays/wire';

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
  async join(link: string, names: readonly string[]): Promise<number> {
    const before = await this.reads.known(names.map((name) => membershipId(name, link)));
    await this.runtime.agent.tellAll(
      names.map((memberName) => ({
        ref: { noun: 'membership', id: membershipId(memberName, link) },
        identity: memberName,
        protocol: 'full',
        event: {
          name: 'member.join',
          facts: {
            groupLink: link,
            memberName,
            memberId: newId(randomBytes(12)).text,
            memberKey: textId(realCrypto.keyPair('ed25519', randomBytes(32)).publicKey),
          },
        },
      })),
    );
    return before;
  }
}
