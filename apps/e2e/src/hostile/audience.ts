import { memberRequests, type NatsConnection, request } from '@chat-relays/bus';
import { converges } from '../convergence';

/** Somebody of the member agent's who joins a channel by its link, whoever owns that. */
export class Audience {
  constructor(
    private readonly bus: NatsConnection,
    private readonly link: string,
    private readonly member: string,
  ) {}

  async joins(): Promise<void> {
    await request(this.bus, memberRequests['member.join'], { link: this.link, members: [this.member] });
  }

  /** Its connections to relays, by status. */
  async connects(expected: Record<string, number>): Promise<void> {
    const { bus, link } = this;
    const look = async () =>
      (await request(bus, memberRequests['member.group.status'], { link })).connectionsByStatus;
    await converges(look, expected);
  }

  /** It has these texts, in this order, and no others. */
  async has(texts: readonly string[]): Promise<void> {
    const { bus, link, member } = this;
    const look = async () => {
      const page = await request(bus, memberRequests['member.message.list'], { link, member, limit: 1_000 });
      return page.messages.map(({ text }) => text);
    };
    await converges(look, [...texts]);
  }
}
